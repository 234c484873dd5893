use async_trait::async_trait;

/// Inspects the broker on a connection of its own.
#[async_trait]
pub trait BrokerInspector: Send + Sync {
    /// Measures the broker, in bounded time. Neither declares, publishes nor consumes anything.
    async fn inspect(&self) -> Result<BrokerFacts, BrokerFault>;
}

/// What was measured of the broker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BrokerFacts {
    /// Its name and version, as it reports them.
    pub product: String,
    /// Its version.
    pub version: String,
    /// The exchanges and queues of the service that do not exist, such as `queue svc.inbox`.
    pub missing: Vec<String>,
    /// The name of the queue of dead letters and the number of messages in it, if the queue exists.
    pub dead_letters: Option<(String, u32)>,
    /// Whether it blocks publishers, because it is short of memory or disk space.
    pub is_blocked: bool,
}

/// Why the broker cannot be used. The texts are for operators.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BrokerFault {
    /// It is unreachable, or the connection broke.
    #[error("{0}")]
    Unreachable(String),
    /// It rejects the log-in, or the user lacks a permission.
    #[error("{0}")]
    Forbidden(String),
    /// A queue or an exchange exists with other properties.
    #[error("{0}")]
    Different(String),
}
