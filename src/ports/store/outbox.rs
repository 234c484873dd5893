use async_trait::async_trait;

use super::StoreError;
use crate::domain::{Event, Invalidation};

/// What the outbox tells, read without a transaction.
#[async_trait]
pub trait OutboxReader: Send + Sync {
    /// The changes with the numbers from `from` to `to`, in their order, at most `limit`.
    ///
    /// A transaction takes its number before it commits, so a lower number may appear after a higher one.
    async fn changes(&self, from: i64, to: i64, limit: u32) -> Result<Vec<FeedEntry>, StoreError>;

    /// The numbers of the latest changes, the highest first, at most `limit`.
    async fn latest(&self, limit: u32) -> Result<Vec<i64>, StoreError>;
}

/// One change, as those need to know it who keep copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedEntry {
    /// Its place in the outbox: 1 or more.
    pub seq: i64,
    /// What is not to be used any more; `None` for an event that changes nothing of which copies are kept.
    pub invalidation: Option<Invalidation>,
}

/// Events that commit with the change they tell of.
#[async_trait]
pub trait Outbox: Send {
    /// Adds an event, with the trace of the current task.
    async fn append(&mut self, event: &Event) -> Result<(), StoreError>;
}
