use async_trait::async_trait;

use super::StoredEvent;

/// Carries events to where others keep them, such as a broker.
///
/// The embedded way needs none: there the events go into the inbox, in the very transaction that marks them as sent.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Stays connected, for ever. Without it nothing is published.
    async fn keep_up(&self);

    /// Whether events are taken now.
    fn is_up(&self) -> bool;

    /// Waits until events are taken.
    async fn ready(&self);

    /// Hands events on in their order, and says of each, in the same order, whether it is kept there. It ends in bounded
    /// time, whatever the other side does.
    async fn publish(&self, events: &[StoredEvent]) -> Vec<Result<(), NotPublished>>;

    /// Takes leave of the other side, in bounded time.
    async fn close(&self);
}

/// Nobody knows whether the event arrived; it is to be sent again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotPublished(pub String);
