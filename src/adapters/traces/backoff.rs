use std::time::Duration;

/// The first and the longest wait after a failure. Jitter adds up to the same time.
const WAIT: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));
/// The longest wait that a collector may ask for.
const ASKED: Duration = Duration::from_mins(5);

/// The waits between failed requests to a collector.
#[derive(Default)]
pub(super) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Returns how long to wait after one more failure. `asked` is what the collector asks for, and `share`
    /// a random number from 0 to 1.
    pub(super) fn wait(&mut self, asked: Option<Duration>, share: f64) -> Duration {
        let wait = WAIT.0.saturating_mul(1 << self.failures.min(16)).min(WAIT.1);
        self.failures += 1;
        asked.map_or(wait, |asked| asked.min(ASKED).max(wait)) + wait.mul_f64(share)
    }

    /// Ends the failures. Returns whether there were any.
    pub(super) fn succeed(&mut self) -> bool {
        std::mem::take(&mut self.failures) > 0
    }

    /// Whether the last request failed.
    pub(super) fn is_failing(&self) -> bool {
        self.failures > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_limit_and_begin_again_after_a_success() {
        let mut backoff = Backoff::default();
        let waits: Vec<u64> = (0..8).map(|_| backoff.wait(None, 0.0).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30, 30]);
        assert!(backoff.is_failing() && backoff.succeed() && !backoff.succeed());
        assert_eq!(backoff.wait(None, 0.5), Duration::from_millis(1_500));
    }

    #[test]
    fn the_collector_may_ask_for_a_longer_wait_up_to_a_limit() {
        let mut backoff = Backoff::default();
        assert_eq!(backoff.wait(Some(Duration::from_secs(20)), 0.0), Duration::from_secs(20));
        assert_eq!(backoff.wait(Some(Duration::ZERO), 0.0), Duration::from_secs(2));
        assert_eq!(backoff.wait(Some(Duration::MAX), 0.0), ASKED);
    }
}
