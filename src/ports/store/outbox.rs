use async_trait::async_trait;

use super::cleaned::{Cleaned, Kept};
use super::error::StoreError;
use crate::domain::{Event, Invalidation};

/// The outbox, read and cleaned without a unit of work.
#[async_trait]
pub trait OutboxReader: Send + Sync {
    /// At most `limit` changes with the numbers from `from` to `to`, in order.
    ///
    /// A transaction takes its number before it commits, so a lower number may become visible after a higher
    /// one.
    async fn changes(&self, from: i64, to: i64, limit: u32) -> Result<Vec<FeedEntry>, StoreError>;

    /// The numbers of the latest changes, highest first, at most `limit`.
    async fn latest(&self, limit: u32) -> Result<Vec<i64>, StoreError>;

    /// Examines the next `limit` events after a position whose retention, from the time of relaying, is over.
    /// Removes those without unfinished inbox entries, together with their inbox entries. Passes over events
    /// that are removed together with a partition.
    async fn clean(&self, kept: Kept, position: Option<&str>, limit: u32) -> Result<Cleaned, StoreError>;
}

/// One change, as the change feed of a cache reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedEntry {
    /// Its position in the outbox, from 1.
    pub seq: i64,
    /// The invalidation; `None` for an event that changes nothing that is cached.
    pub invalidation: Option<Invalidation>,
}

/// Appends events that commit with the change that caused them.
#[async_trait]
pub trait Outbox: Send {
    /// Appends an event, with the trace of the current task.
    async fn append(&mut self, event: &Event) -> Result<(), StoreError>;
}
