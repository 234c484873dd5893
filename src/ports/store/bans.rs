use async_trait::async_trait;
use uuid::Uuid;

use super::StoreError;
use crate::domain::{Ban, BanId, BanTarget, Timestamp};

/// Bans, read without a transaction.
#[async_trait]
pub trait BanReader: Send + Sync {
    /// Names the list of bans as it is: another id after each change. `None` before the first change.
    async fn version(&self) -> Result<Option<Uuid>, StoreError>;

    /// The bans that have not ended at `now`, in the order of their ids.
    async fn live(&self, now: Timestamp) -> Result<Vec<Ban>, StoreError>;
}

/// Bans, inside a unit of work. [`begin_change`](Self::begin_change) comes first, and after the lock on a user.
#[async_trait]
pub trait Bans: Send {
    /// Lets no other unit of work change bans until this one ends, and gives the list a new version.
    async fn begin_change(&mut self, version: Uuid) -> Result<(), StoreError>;

    /// The ban with this id, also one that has ended.
    async fn find(&mut self, id: BanId) -> Result<Option<Ban>, StoreError>;

    /// The ban of a target, also one that has ended.
    async fn find_of(&mut self, target: BanTarget) -> Result<Option<Ban>, StoreError>;

    /// How many have not ended at `now`.
    async fn count_live(&mut self, now: Timestamp) -> Result<u64, StoreError>;

    /// Writes a ban in the place of the one that its target has.
    async fn put(&mut self, ban: &Ban) -> Result<(), StoreError>;

    /// Removes a ban. Returns whether there was one.
    async fn remove(&mut self, id: BanId) -> Result<bool, StoreError>;
}
