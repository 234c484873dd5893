use async_trait::async_trait;

use crate::ports::StoreError;
use crate::tasks::Shutdown;

/// A background task of a worker.
#[async_trait]
pub(super) trait BackgroundTask: Send + Sync {
    /// The name in the log.
    fn name(&self) -> String;

    /// Works until the process stops, and then finishes the claimed work.
    async fn run(&self, stop: &Shutdown) -> Result<(), StoreError>;
}
