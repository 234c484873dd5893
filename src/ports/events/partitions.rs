use std::time::Duration;

use async_trait::async_trait;

use crate::domain::Timestamp;
use crate::ports::store::StoreError;

/// The partitions of a table end soon if the last one with an end ends within this time. Usually that is
/// years away.
pub const ENDS_SOON: Duration = Duration::from_hours(30 * 24);

/// The lengths of a partition, in days.
const LENGTHS: [u64; 3] = [1, 7, 28];
/// The length is the first one by which the retention makes at most this many partitions.
const MOST: u64 = 32;
const DAY: Duration = Duration::from_hours(24);

/// Returns the length of the partitions of a table whose rows are kept so long.
#[must_use]
pub fn partition_length(retention: Option<Duration>) -> Duration {
    let days = retention.map_or(u64::MAX, |kept| kept.as_secs() / DAY.as_secs());
    let length = LENGTHS.into_iter().find(|length| days <= length * MOST);
    Duration::from_secs(length.unwrap_or(LENGTHS[2]) * DAY.as_secs())
}

/// The partitions of the tables that hold events and the audit trail, each for a range of time. A database
/// without partitions does nothing.
#[async_trait]
pub trait Partitions: Send + Sync {
    /// Returns whether a clock is right, as far as the clock of the database can tell. If it is not, that is
    /// logged, and no partition may be created or removed by that clock: one that is ahead would remove what
    /// has to be kept.
    async fn agree_with(&self, now: Timestamp) -> Result<bool, StoreError>;

    /// Creates the partitions that are needed next. A partition that cannot be created is logged, and the
    /// next call tries again: until then its rows go to a partition of a longer time.
    async fn create_partitions(&self, kept: &PartitionsKept) -> Result<(), StoreError>;

    /// Takes one step towards removing partitions whose retention is over. Rows in them that are still needed
    /// are moved. A partition that cannot be removed is logged, and stays. `position` is what the previous
    /// step returned; the last step returns `None`. A step removes one partition at most.
    async fn remove_partitions(
        &self,
        kept: &PartitionsKept,
        position: Option<&str>,
    ) -> Result<Removed, StoreError>;

    /// Takes one step towards partitions that are as they should be: the first step creates, so that a table
    /// that cannot be removed never delays the next one that is needed, and the others remove. `position` is
    /// what the previous step returned; the last step returns `None`.
    async fn keep_partitions(
        &self,
        kept: &PartitionsKept,
        position: Option<&str>,
    ) -> Result<Option<String>, StoreError> {
        if !self.agree_with(kept.now).await? {
            return Ok(None);
        }
        if position.is_none() {
            self.create_partitions(kept).await?;
            return Ok(Some(CREATED.to_owned()));
        }
        Ok(self.remove_partitions(kept, position).await?.next)
    }
}

/// The position between creating and removing.
const CREATED: &str = "created";

/// How long partitions are kept, seen from the present.
#[derive(Clone, Copy, Debug)]
pub struct PartitionsKept {
    /// The current time.
    pub now: Timestamp,
    /// How long events and inbox entries are kept.
    pub events: Duration,
    /// How long the audit trail is kept; `None`: without end.
    pub audit: Option<Duration>,
}

/// The result of one step of removing partitions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// The number of removed partitions.
    pub partitions: u64,
    /// The position of the next step; `None` at the end.
    pub next: Option<String>,
}
