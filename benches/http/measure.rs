use std::time::Duration;

use async_trait::async_trait;

use crate::Failure;

/// Work that can be repeated for a time and counted.
#[async_trait]
pub trait Load: Send {
    async fn slice(&mut self, length: Duration) -> Result<Slice, Failure>;

    /// Whether the work itself is done in this process, and not in the service's.
    fn is_done_here(&self) -> bool {
        false
    }
}

/// The work done in a time.
#[derive(Default)]
pub struct Slice {
    /// Of successful work.
    latencies: Vec<Duration>,
    /// Answers without success, invalid answers, or missing ones.
    pub errors: u64,
    /// Until the last piece of work was done.
    pub elapsed: Duration,
}

impl Slice {
    pub fn answered(&mut self, took: Duration, good: bool) {
        if good {
            self.latencies.push(took);
        } else {
            self.errors += 1;
        }
    }

    /// Counts work without times.
    pub fn untimed(done: usize, elapsed: Duration) -> Self {
        Self { latencies: vec![Duration::ZERO; done], errors: 0, elapsed }
    }

    /// Adds the results of another load that ran at the same time.
    pub fn add(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        self.errors += other.errors;
        self.elapsed = self.elapsed.max(other.elapsed);
    }

    pub fn done(&self) -> f64 {
        f64::from(u32::try_from(self.latencies.len()).unwrap_or(u32::MAX))
    }

    /// Per second.
    pub fn rate(&self) -> f64 {
        self.done() / self.elapsed.as_secs_f64()
    }
}

/// Times in milliseconds.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub struct Quantiles {
    pub p50: f64,
    pub p90: f64,
    pub p99: f64,
}

impl Quantiles {
    pub fn of(slices: &[Slice]) -> Self {
        let mut all: Vec<_> = slices.iter().flat_map(|slice| slice.latencies.iter().copied()).collect();
        all.sort_unstable();
        let at = |percent: usize| {
            let latency = all.get(all.len() * percent / 100).copied().unwrap_or_default();
            latency.as_secs_f64() * 1000.0
        };
        Self { p50: at(50), p90: at(90), p99: at(99) }
    }
}

/// Returns the median.
pub fn median(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let mut numbers: Vec<_> = numbers.into_iter().collect();
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Alternating slices of two loads.
#[derive(Default)]
pub struct Turns {
    pub ceiling: Vec<Slice>,
    pub row: Vec<Slice>,
    /// CPU time of the process that did the ceiling's work.
    pub ceiling_cpu: Duration,
    /// CPU time of the service during the row's slices.
    pub cpu: Duration,
    /// CPU time of the load generator.
    pub generator_cpu: Duration,
}
