use async_trait::async_trait;

use super::stored_event::StoredEvent;

/// Publishes events to an external broker.
///
/// The embedded mode needs none: events go to the inbox in the transaction that marks them as relayed.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Keeps the connection open; never returns. Nothing is published while it does not run.
    async fn keep_up(&self);

    /// Whether the broker accepts events now.
    fn is_up(&self) -> bool;

    /// Waits until the broker accepts events.
    async fn ready(&self);

    /// Publishes events in order. Returns for each, in the same order, whether the broker confirmed it. Ends
    /// in bounded time, whatever the broker does.
    async fn publish(&self, events: &[StoredEvent]) -> Vec<Result<(), NotPublished>>;

    /// Closes the connection, in bounded time.
    async fn close(&self);
}

/// It is unknown whether the event arrived, so it must be published again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotPublished(pub String);
