use async_trait::async_trait;

/// Inspects the collector of traces.
#[async_trait]
pub trait CollectorInspector: Send + Sync {
    /// Sends a request without spans, and waits for the answer for a bounded time.
    async fn inspect(&self) -> CollectorFacts;
}

/// What was measured of a collector of traces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollectorFacts {
    /// The URL that takes spans.
    pub endpoint: String,
    /// Why it takes none; `None` if it takes them. The text is for operators.
    pub fault: Option<String>,
}
