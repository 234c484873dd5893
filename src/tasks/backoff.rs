use std::time::Duration;

/// The waits after failures: each is twice the one before, up to a limit.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
    failures: u32,
}

impl Backoff {
    /// Waits that begin with `first` and grow to `longest`.
    #[must_use]
    pub const fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, failures: 0 }
    }

    /// Returns the next wait, without jitter: for what no other process waits for.
    pub fn wait(&mut self) -> Duration {
        self.failures = self.failures.saturating_add(1);
        self.doubled(self.failures)
    }

    /// Returns the next wait with the jitter of [`after`](Self::after).
    pub fn jittered_wait(&mut self, chance: u8) -> Duration {
        self.wait_at_least(Duration::ZERO, chance)
    }

    /// Returns the next wait. Its part without jitter is at least `least`.
    pub fn wait_at_least(&mut self, least: Duration, chance: u8) -> Duration {
        jittered(self.wait(), least, chance)
    }

    /// Returns the wait after that many failures. A random share between a half and the whole is used, so
    /// that simultaneous failures are not retried together. `chance`, any random byte, gives the share.
    #[must_use]
    pub fn after(&self, failures: u32, chance: u8) -> Duration {
        jittered(self.doubled(failures), Duration::ZERO, chance)
    }

    /// Begins with the first wait again. Returns whether there was a failure.
    pub fn reset(&mut self) -> bool {
        std::mem::take(&mut self.failures) > 0
    }

    /// Whether the last attempt failed.
    #[must_use]
    pub const fn is_failing(&self) -> bool {
        self.failures > 0
    }

    fn doubled(&self, failures: u32) -> Duration {
        self.first.saturating_mul(1 << failures.saturating_sub(1).min(30)).min(self.longest)
    }
}

fn jittered(wait: Duration, least: Duration, chance: u8) -> Duration {
    let half = wait / 2;
    half.max(least) + half * u32::from(chance) / 255
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_are_jittered() {
        let backoff = Backoff::new(Duration::from_secs(5), Duration::from_hours(1));
        let wait = |failures, chance| backoff.after(failures, chance).as_secs();
        assert_eq!((wait(1, 255), wait(2, 255), wait(3, 255)), (5, 10, 20));
        assert_eq!((wait(10, 255), wait(11, 255), wait(u32::MAX, 255)), (2560, 3600, 3600));
        assert_eq!((wait(3, 0), wait(3, 127)), (10, 14));
    }

    #[test]
    fn waits_begin_again_after_a_success() {
        let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(30));
        let waits: Vec<u64> = (0..8).map(|_| backoff.wait().as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30, 30]);
        assert!(backoff.is_failing() && backoff.reset() && !backoff.reset());
        assert_eq!(backoff.jittered_wait(0), Duration::from_millis(500));
    }

    #[test]
    fn a_wait_is_as_long_as_asked_for() {
        let mut backoff = Backoff::new(Duration::from_secs(2), Duration::from_mins(1));
        assert_eq!(backoff.wait_at_least(Duration::from_secs(20), 0), Duration::from_secs(20));
        assert_eq!(backoff.wait_at_least(Duration::ZERO, 0), Duration::from_secs(2));
        assert_eq!(backoff.wait_at_least(Duration::from_secs(20), 255), Duration::from_secs(24));
    }
}
