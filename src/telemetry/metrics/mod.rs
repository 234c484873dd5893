//! What is counted while the process works.
//!
//! **Here**: the counts, one file a part of the service that keeps them (`http`, `worker`, `cache`, `passwords`, `security`), and the
//! numbers that they are made of. To count is an addition to an atomic: no lock, no allocation, no look-up by name. What
//! they are called and how they are shown is for `adapters/prometheus`.
//!
//! **May use**: std, and the names of `ports`.
//!
//! **To add one**: a field in the file of its part, its line in `adapters/metrics/collector.rs` and in
//! `docs/metrics.md`; a test holds the two against each other.

mod cache;
mod http;
mod numbers;
mod passwords;
mod security;
mod worker;

use std::sync::Arc;

pub use cache::CacheCounts;
pub use http::{HttpCounts, Observing, Refusals, StatusClass};
pub use numbers::{Counter, Gauge, GaugeGuard, Histogram, HistogramReading};
pub use passwords::PasswordCounts;
pub use security::SecurityCounts;
pub use worker::{HandlerCounts, WorkerCounts};

/// The counts of one process, each to be handed to whoever keeps it.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Requests and connections.
    pub http: Arc<HttpCounts>,
    /// Events and jobs.
    pub worker: Arc<WorkerCounts>,
    /// What the cache had not.
    pub cache: Arc<CacheCounts>,
    /// The line in front of the password pool.
    pub passwords: Arc<PasswordCounts>,
    /// Decisions about who gets in.
    pub security: Arc<SecurityCounts>,
}

impl Metrics {
    /// Nothing counted yet. `operations` are the names of what can be asked over HTTP.
    #[must_use]
    pub fn new(operations: impl IntoIterator<Item = &'static str>) -> Self {
        Self { http: Arc::new(HttpCounts::new(operations)), ..Self::default() }
    }
}
