use std::collections::BTreeMap;

use async_trait::async_trait;

use super::StoreError;
use crate::domain::{HashCensus, HashCost, PasswordHash, UserId};

/// The most hashes that are read at once.
pub const HASHES_AT_ONCE: u32 = 1000;

/// The count of password hashes by their cost. It walks all users by their ids, a slice at a time, and goes on where it was,
/// whichever process takes the next slice.
#[async_trait]
pub trait HashCensusStore: Send + Sync {
    /// How far the count is, and the last complete census.
    async fn find(&self) -> Result<HashCount, StoreError>;

    /// The next users after `after` in the order of their ids, with their hashes: [`HASHES_AT_ONCE`], or fewer at the end.
    async fn hashes(&self, after: Option<UserId>) -> Result<Vec<(UserId, PasswordHash)>, StoreError>;

    /// Replaces the count, and raises its version. Returns false, and changes nothing, if it no longer has the version that
    /// `count` has.
    async fn replace(&self, count: &HashCount) -> Result<bool, StoreError>;
}

/// A count of password hashes under way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HashCount {
    /// Rises with each change; 0 before the first.
    pub version: i64,
    /// The last user that was counted; `None` before the first.
    pub position: Option<UserId>,
    /// How many hashes of each cost were counted so far.
    pub accounts: BTreeMap<HashCost, u64>,
    /// The last complete census.
    pub census: HashCensus,
}
