use std::collections::BTreeMap;

use async_trait::async_trait;

use super::error::StoreError;
use crate::domain::{HashCensus, HashCost, PasswordHash, UserId};

/// The maximum number of hashes that are read at once.
pub const HASHES_AT_ONCE: u32 = 1000;

/// The count of password hashes by cost. It walks through all users by id in batches, and continues from the
/// stored position, whichever process counts the next batch.
#[async_trait]
pub trait HashCensusStore: Send + Sync {
    /// The progress of the count, and the last complete census.
    async fn find(&self) -> Result<HashCount, StoreError>;

    /// The next users after `after`, ordered by id, with their hashes: [`HASHES_AT_ONCE`], or fewer at the
    /// end.
    async fn hashes(&self, after: Option<UserId>) -> Result<Vec<(UserId, PasswordHash)>, StoreError>;

    /// Replaces the count and increments its version. Returns false and changes nothing if the stored version
    /// is not that of `count`.
    async fn replace(&self, count: &HashCount) -> Result<bool, StoreError>;
}

/// A count of password hashes in progress.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HashCount {
    /// Incremented by each change; 0 before the first.
    pub version: i64,
    /// The last counted user; `None` at the beginning.
    pub position: Option<UserId>,
    /// The number of hashes counted so far, per cost.
    pub accounts: BTreeMap<HashCost, u64>,
    /// The last complete census.
    pub census: HashCensus,
}
