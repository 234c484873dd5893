use std::time::Duration;

use async_trait::async_trait;

use crate::domain::Timestamp;
use crate::ports::store::StoreError;

/// The partitions of a table end soon if the last one with an end ends within this time. Usually that is
/// years away.
pub const ENDS_SOON: Duration = Duration::from_hours(30 * 24);

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
    /// step returned; the last step returns `None`.
    async fn remove_partitions(
        &self,
        kept: &PartitionsKept,
        position: Option<&str>,
    ) -> Result<Removed, StoreError>;
}

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
