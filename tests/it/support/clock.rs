use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use svc::domain::Timestamp;
use svc::ports::Clock;

/// A clock that stands still until a test moves it.
pub struct TestClock(AtomicI64);

impl Default for TestClock {
    fn default() -> Self {
        Self(AtomicI64::new(super::given::at(0).as_micros()))
    }
}

impl TestClock {
    /// Moves the time forward.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst)).unwrap()
    }

    fn monotonic(&self) -> Duration {
        self.now().since(Timestamp::from_micros(0).unwrap())
    }
}
