use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The weight of all earlier jobs relative to a new one.
const WEIGHT: u64 = 8;

/// How long recent jobs took, from which the wait in a queue is estimated.
#[derive(Debug, Default)]
pub(super) struct LoadShed {
    /// A moving average. 0 means that there is no measurement yet.
    nanoseconds: AtomicU64,
}

impl LoadShed {
    /// Records how long a job took.
    pub(super) fn note(&self, took: Duration) {
        let took = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX).max(1);
        let average =
            |before: u64| Some(if before == 0 { took } else { before - before / WEIGHT + took / WEIGHT });
        let _ = self.nanoseconds.fetch_update(Ordering::Relaxed, Ordering::Relaxed, average);
    }

    /// Estimates the time until `jobs` jobs have begun on `threads` threads that are all busy.
    pub(super) fn until_begun(&self, jobs: usize, threads: usize) -> Duration {
        let jobs = u64::try_from(jobs).unwrap_or(u64::MAX);
        let threads = u64::try_from(threads).unwrap_or(u64::MAX).max(1);
        let nanoseconds = self.nanoseconds.load(Ordering::Relaxed).saturating_mul(jobs);
        Duration::from_nanos(nanoseconds / threads)
    }

    /// Estimates how many jobs begin within this time on `threads` threads that are all busy.
    pub(super) fn begun_within(&self, time: Duration, threads: usize) -> usize {
        let each = u128::from(self.nanoseconds.load(Ordering::Relaxed));
        let threads = u128::try_from(threads).unwrap_or(u128::MAX).max(1);
        let jobs = time.as_nanos().saturating_mul(threads).checked_div(each);
        jobs.and_then(|jobs| usize::try_from(jobs).ok()).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN: Duration = Duration::from_millis(10);

    #[test]
    fn a_queue_takes_as_long_as_its_recent_jobs_took() {
        let load_shed = LoadShed::default();
        assert_eq!(load_shed.until_begun(1000, 1), Duration::ZERO, "nothing is known yet");
        assert_eq!(load_shed.begun_within(TEN, 1), usize::MAX);
        load_shed.note(TEN);
        assert_eq!(load_shed.until_begun(8, 1), 8 * TEN);
        assert_eq!(load_shed.until_begun(8, 4), 2 * TEN);
        assert_eq!((load_shed.begun_within(8 * TEN, 1), load_shed.begun_within(2 * TEN, 4)), (8, 8));
        // One slow job changes the average a little, many change it fully.
        load_shed.note(9 * TEN);
        assert_eq!(load_shed.until_begun(1, 1), 2 * TEN);
        (0..100).for_each(|_| load_shed.note(5 * TEN));
        let now = load_shed.until_begun(1, 1).as_millis();
        assert!((49..=51).contains(&now), "{now} ms");
    }

    #[test]
    fn nothing_overflows() {
        let load_shed = LoadShed::default();
        load_shed.note(Duration::MAX);
        load_shed.note(Duration::MAX);
        assert!(load_shed.until_begun(usize::MAX, 0) > Duration::from_hours(24 * 365));
    }
}
