use async_trait::async_trait;

use super::error::StoreError;

/// Checks whether the store can do the work of requests.
#[async_trait]
pub trait StoreProbe: Send + Sync {
    /// Proves that rows can be written. All callers within a second get the same result.
    async fn check_writable(&self) -> Result<(), StoreError>;
}
