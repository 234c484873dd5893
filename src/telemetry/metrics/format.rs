/// A format of the metrics page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricsFormat {
    /// The text format of Prometheus, version 0.0.4: every tool reads it.
    Prometheus,
    /// `OpenMetrics` 1.0.
    OpenMetrics,
}
