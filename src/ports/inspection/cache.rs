use std::time::Duration;

use async_trait::async_trait;

use crate::ports::cache::SharedCache;

/// Inspects the shared cache on a connection of its own.
#[async_trait]
pub trait CacheInspector: Send + Sync {
    /// Connects as the service does, and measures the server. The error has the state that the service would
    /// report, and the reason for operators. The proof that the cache takes writes stores a key that expires.
    async fn inspect(&self) -> Result<CacheFacts, (SharedCache, String)>;
}

/// What was measured of the shared cache. A value is `None` where the user may not read it: the service does
/// not need the right to do so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CacheFacts {
    /// The version of the server.
    pub version: Option<String>,
    /// The memory in use and the limit, in bytes. Without a limit it is 0.
    pub memory: Option<(u64, u64)>,
    /// What the server does when the limit is reached, such as `allkeys-lru`.
    pub policy: Option<String>,
    /// The duration of one call.
    pub round_trip: Duration,
    /// How long a call may take.
    pub timeout: Duration,
}
