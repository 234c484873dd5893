use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use svc::domain::Timestamp;
use svc::ports::Clock;

/// A clock that stands still until a test moves it, or that moves with each read.
pub struct TestClock {
    micros: AtomicI64,
    step: AtomicI64,
}

impl Default for TestClock {
    fn default() -> Self {
        Self { micros: AtomicI64::new(super::given::at(0).as_micros()), step: AtomicI64::default() }
    }
}

impl TestClock {
    /// Moves the time forward.
    pub fn advance(&self, by: Duration) {
        self.micros.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }

    /// Moves the time forward with each read from now on, so that no two reads give the same time.
    pub fn advance_on_each_read(&self, by: Duration) {
        self.step.store(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let step = self.step.load(Ordering::SeqCst);
        Timestamp::from_micros(self.micros.fetch_add(step, Ordering::SeqCst)).unwrap()
    }

    fn monotonic(&self) -> Duration {
        self.now().since(Timestamp::from_micros(0).unwrap())
    }
}
