use async_trait::async_trait;

use super::StoreError;
use crate::domain::Event;

/// Events that commit with the change they tell of.
#[async_trait]
pub trait Outbox: Send {
    /// Adds an event.
    async fn append(&mut self, event: &Event) -> Result<(), StoreError>;
}
