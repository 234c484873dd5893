//! The metrics of the process.
//!
//! **Here**: the metrics, one file per subject (`http`, `worker`, `cache`, `passwords`, `mail`,
//! `security`, `traces`), their types, and the formats of their page. Counting is an atomic addition: no
//! lock, no allocation, no look-up by name. `adapters/metrics` names and formats them.
//!
//! **May use**: std, and the names of `ports`.
//!
//! **To add one**: a field in the file of its subject, and its line in `adapters/metrics/collector.rs` and
//! in `docs/metrics.md`; a test compares the two.

mod cache;
mod format;
mod http;
mod mail;
mod numbers;
mod passwords;
mod security;
mod traces;
mod worker;

use std::sync::Arc;

pub use cache::CacheCounts;
pub use format::MetricsFormat;
pub use http::{HttpCounts, Observing, Rejections, StatusClass};
pub use mail::MailCounts;
pub use numbers::{Counter, Gauge, GaugeGuard, Histogram, HistogramReading};
pub use passwords::PasswordCounts;
pub use security::SecurityCounts;
pub use traces::TraceCounts;
pub use worker::{HandlerCounts, WorkerCounts};

/// All metrics of one process.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Requests and connections.
    pub http: Arc<HttpCounts>,
    /// Events and jobs.
    pub worker: Arc<WorkerCounts>,
    /// Misses and loads of the cache.
    pub cache: Arc<CacheCounts>,
    /// Waits for the password pool.
    pub passwords: Arc<PasswordCounts>,
    /// Attempts to send a mail.
    pub mail: Arc<MailCounts>,
    /// Security decisions.
    pub security: Arc<SecurityCounts>,
    /// Exported and dropped spans.
    pub traces: Arc<TraceCounts>,
}

impl Metrics {
    /// Metrics with all counts at zero. `operations` are the names of the HTTP operations.
    #[must_use]
    pub fn new(operations: impl IntoIterator<Item = &'static str>) -> Self {
        Self { http: Arc::new(HttpCounts::new(operations)), ..Self::default() }
    }
}
