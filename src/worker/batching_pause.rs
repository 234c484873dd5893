use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::tasks::Shutdown;

/// How much longer than the work the rest after it is, and how long at most.
const TIMES: u32 = 4;
const MOST: Duration = Duration::from_millis(20);

/// The rest after some work. Events gather meanwhile, and several cost a database hardly more than one does: while a batch takes
/// five milliseconds or less, a fifth of one connection is used at most. After a quiet moment nobody waits for it.
pub(super) struct BatchingPause(Instant);

impl BatchingPause {
    /// After work that began then and ends now.
    pub fn after(began: Instant) -> Self {
        let now = Instant::now();
        Self(now + ((now - began) * TIMES).min(MOST))
    }

    /// Waits for its end, or until the process is to stop.
    pub async fn over(self, stop: &Shutdown) {
        tokio::select! {
            () = sleep_until(self.0) => {}
            () = stop.stopping() => {}
        }
    }
}
