use std::time::Duration;

use secrecy::SecretString;

/// Where traces go, and which. They are set by the variables of OpenTelemetry, `OTEL_…`.
#[derive(Clone, Debug)]
pub struct TraceSettings {
    /// The URL that takes spans: `http` or `https`, without a user.
    pub endpoint: String,
    /// The headers of each request, such as a token for the collector.
    pub headers: Vec<(String, SecretString)>,
    /// The certificates of authorities that a collector with `https` may have, in PEM; `None` for those of
    /// the system.
    pub authorities: Option<Vec<u8>>,
    /// How long one request may take.
    pub timeout: Duration,
    /// Whether requests are compressed.
    pub gzip: bool,
    /// What the collector learns about this process, with `service.name`.
    pub resource: Vec<(String, String)>,
    /// Which traces are recorded.
    pub sampler: TraceSampler,
    /// The most spans that wait.
    pub queue_size: usize,
    /// The most spans in one request.
    pub batch_size: usize,
    /// The longest that a span waits for others.
    pub delay: Duration,
    /// The effective values that an operator sees, and their origins.
    pub(in crate::config) shown: Vec<(&'static str, String, String)>,
}

/// The choice of the traces that are recorded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TraceSampler {
    /// Whether the system that named the trace decides. The share is for the other traces then.
    pub follows_parent: bool,
    /// The share of traces, from 0 to 1.
    pub share: f64,
}
