use async_trait::async_trait;
use uuid::Uuid;

use super::error::StoreError;
use crate::domain::{Ban, BanId, BanTarget, Timestamp};

/// Bans, read and cleaned without a unit of work.
#[async_trait]
pub trait BanReader: Send + Sync {
    /// The version of the list of bans: a new id after each change. `None` before the first change.
    async fn version(&self) -> Result<Option<Uuid>, StoreError>;

    /// The bans that have not ended at `now`, ordered by id.
    async fn live(&self, now: Timestamp) -> Result<Vec<Ban>, StoreError>;

    /// Removes at most `limit` bans that ended before a time, and returns their number.
    async fn clean(&self, ended_before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}

/// Bans, inside a unit of work. Call [`begin_change`](Self::begin_change) first, but after locking a user.
#[async_trait]
pub trait Bans: Send {
    /// Prevents other units of work from changing bans until this one ends, and gives the list a new version.
    async fn begin_change(&mut self, version: Uuid) -> Result<(), StoreError>;

    /// Finds the ban with this id, even if it has ended.
    async fn find(&mut self, id: BanId) -> Result<Option<Ban>, StoreError>;

    /// Finds the ban of a target, even if it has ended.
    async fn find_of(&mut self, target: BanTarget) -> Result<Option<Ban>, StoreError>;

    /// The number of bans that have not ended at `now`.
    async fn count_live(&mut self, now: Timestamp) -> Result<u64, StoreError>;

    /// Inserts a ban, or replaces the ban of the same target.
    async fn put(&mut self, ban: &Ban) -> Result<(), StoreError>;

    /// Removes a ban. Returns false if there was none.
    async fn remove(&mut self, id: BanId) -> Result<bool, StoreError>;
}
