use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::numbers::{Counter, Gauge, Histogram};

/// In microseconds. A read from the cache takes a fraction of a millisecond, a log-in tens of milliseconds.
const BOUNDS: &[u64] = &[
    250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    5_000_000, 10_000_000,
];
/// Requests that are not operations of the API: pages, files, unknown paths.
const OTHER: &str = "other";

/// The class of a status code: its first digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusClass(usize);

impl StatusClass {
    const ALL: [&'static str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

    /// The class of a status code.
    #[must_use]
    pub fn of(status: u16) -> Self {
        Self((usize::from(status) / 100).clamp(1, Self::ALL.len()) - 1)
    }
}

/// Requests and connections that were refused or ended because a client exceeded a limit.
#[derive(Debug, Default)]
pub struct Rejections {
    /// Connections from an address that has too many.
    pub connections: Counter,
    /// Connections over HTTP/2.
    pub http_2: Counter,
    /// Concurrent requests.
    pub requests: Counter,
    /// Responses for which there was no memory.
    pub unsent: Counter,
    /// Connections whose client read nothing of its response.
    pub stalled: Counter,
    /// Connections that sent too many frames.
    pub frames: Counter,
}

impl Rejections {
    /// All counts with the names of their limits.
    pub fn all(&self) -> [(&'static str, u64); 6] {
        [
            ("connections", &self.connections),
            ("http_2", &self.http_2),
            ("requests", &self.requests),
            ("unsent", &self.unsent),
            ("stalled", &self.stalled),
            ("frames", &self.frames),
        ]
        .map(|(limit, count)| (limit, count.get()))
    }
}

/// Counts of requests and connections.
#[derive(Debug)]
pub struct HttpCounts {
    /// The histograms of each operation, by status class.
    operations: HashMap<&'static str, [Histogram; StatusClass::ALL.len()]>,
    other: [Histogram; StatusClass::ALL.len()],
    begun: Counter,
    /// Requests that ended before their response: the client disconnected, or the service stopped.
    abandoned: Counter,
    /// Open connections.
    pub connections: Gauge,
    /// Refused requests and connections.
    pub refused: Rejections,
}

impl Default for HttpCounts {
    fn default() -> Self {
        Self::new([])
    }
}

impl HttpCounts {
    /// Counts these operations by name, and all other requests as `other`.
    #[must_use]
    pub fn new(operations: impl IntoIterator<Item = &'static str>) -> Self {
        let histograms = || std::array::from_fn(|_| Histogram::new(BOUNDS));
        Self {
            operations: operations.into_iter().map(|name| (name, histograms())).collect(),
            other: histograms(),
            begun: Counter::default(),
            abandoned: Counter::default(),
            connections: Gauge::default(),
            refused: Rejections::default(),
        }
    }

    /// Starts to observe a request.
    pub fn begin(&self, began: Instant) -> Observing<'_> {
        self.begun.add(1);
        Observing { counts: self, began, answered: false }
    }

    /// Requests that ended before their response: the client disconnected, or the service stopped.
    #[must_use]
    pub fn abandoned(&self) -> u64 {
        self.abandoned.get()
    }

    /// Requests in progress.
    #[must_use]
    pub fn in_flight(&self) -> u64 {
        // Read the ended requests first, so that none of them is missing among the started ones.
        let ended = self.abandoned.get() + self.all().map(|(.., histogram)| histogram.count()).sum::<u64>();
        self.begun.get().saturating_sub(ended)
    }

    /// All histograms with their operation and status class.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &'static str, &Histogram)> {
        let operations = self.operations.iter().map(|(name, histograms)| (*name, histograms));
        operations.chain([(OTHER, &self.other)]).flat_map(|(name, histograms)| {
            let classes = StatusClass::ALL.into_iter().zip(histograms);
            classes.map(move |(class, histogram)| (name, class, histogram))
        })
    }
}

/// A request in progress.
pub struct Observing<'a> {
    counts: &'a HttpCounts,
    began: Instant,
    answered: bool,
}

impl Observing<'_> {
    /// The time since the request began.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// Counts the request, by operation and status.
    pub fn answered(mut self, operation: Option<&str>, status: u16, took: Duration) {
        self.answered = true;
        let histograms = operation.and_then(|name| self.counts.operations.get(name));
        histograms.unwrap_or(&self.counts.other)[StatusClass::of(status).0].observe(took);
    }
}

impl Drop for Observing<'_> {
    fn drop(&mut self) {
        if !self.answered {
            self.counts.abandoned.add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_in_flight_until_it_is_answered_or_given_up() {
        let counts = HttpCounts::new(["log_in"]);
        let (first, second, third) =
            (counts.begin(Instant::now()), counts.begin(Instant::now()), counts.begin(Instant::now()));
        assert_eq!(counts.in_flight(), 3);
        first.answered(Some("log_in"), 401, Duration::from_millis(3));
        drop(second);
        assert_eq!((counts.in_flight(), counts.abandoned()), (1, 1));
        third.answered(None, 999, Duration::ZERO);
        assert_eq!(counts.in_flight(), 0);
        let mut seen: Vec<_> = counts
            .all()
            .filter(|(.., histogram)| histogram.count() > 0)
            .map(|(name, class, _)| (name, class))
            .collect();
        seen.sort_unstable();
        assert_eq!(seen, [("log_in", "4xx"), ("other", "5xx")]);
    }
}
