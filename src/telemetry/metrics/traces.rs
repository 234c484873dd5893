use super::numbers::Counter;

/// Counts of spans, which are zero while traces are off.
#[derive(Debug, Default)]
pub struct TraceCounts {
    /// Spans that the collector accepted.
    pub exported: Counter,
    /// Spans that found the queue full.
    pub queue_full: Counter,
    /// Spans that the collector refused.
    pub refused: Counter,
    /// Spans that the stop of the process left.
    pub stopped: Counter,
}

impl TraceCounts {
    /// The counts of dropped spans with their reasons.
    pub fn dropped(&self) -> [(&'static str, u64); 3] {
        [("queue_full", &self.queue_full), ("refused", &self.refused), ("stopped", &self.stopped)]
            .map(|(reason, count)| (reason, count.get()))
    }

    /// The number of dropped spans.
    #[must_use]
    pub fn all_dropped(&self) -> u64 {
        self.dropped().iter().map(|(_, count)| count).sum()
    }
}
