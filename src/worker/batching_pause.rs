use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::tasks::Shutdown;

/// The length of the pause as a multiple of the work before it, and its maximum.
const TIMES: u32 = 4;
const MOST: Duration = Duration::from_millis(20);

/// A pause after some work. Events gather during it, and several cost the database hardly more than one: if a
/// batch takes five milliseconds or less, at most a fifth of one connection is used. An event after an idle
/// time does not wait.
pub(super) struct BatchingPause(Instant);

impl BatchingPause {
    /// A pause after work that began at `began` and ends now.
    pub fn after(began: Instant) -> Self {
        let now = Instant::now();
        Self(now + ((now - began) * TIMES).min(MOST))
    }

    /// Waits until the pause ends or the process stops.
    pub async fn over(self, stop: &Shutdown) {
        tokio::select! {
            () = sleep_until(self.0) => {}
            () = stop.stopping() => {}
        }
    }
}
