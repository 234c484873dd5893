use async_trait::async_trait;

use super::StoreError;

/// Finds out whether the store can do what requests need.
#[async_trait]
pub trait StoreProbe: Send + Sync {
    /// Proves that rows can be changed. All who ask within a second have the same answer.
    async fn check_writable(&self) -> Result<(), StoreError>;
}
