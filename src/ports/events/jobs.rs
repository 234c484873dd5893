use async_trait::async_trait;
use uuid::Uuid;

use super::Lease;
use crate::domain::Timestamp;
use crate::ports::StoreError;

/// Ensures that a periodic job runs in one process at a time.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// Claims a job if it is due.
    async fn claim_job(&self, name: &str, lease: &Lease) -> Result<Option<ClaimedJob>, StoreError>;

    /// Records when the job is due again and the position from which its next run continues, unless another
    /// process claimed the job in the meantime.
    async fn job_done(
        &self,
        name: &str,
        claim: Uuid,
        due_at: Timestamp,
        position: Option<&str>,
    ) -> Result<(), StoreError>;
}

/// A job that was due, claimed by this process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedJob {
    /// The position at which the last run stopped; `None` at the beginning.
    pub position: Option<String>,
}

/// The maximum number of rows that one call of a [`Cleaner`] examines.
pub const CLEANED_AT_ONCE: u32 = 500;

/// The result of one step of a walk through a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned {
    /// The number of removed rows.
    pub removed: u64,
    /// The position from which the next step continues, in a format of the [`Cleaner`]; `None` at the end of
    /// the walk.
    pub next: Option<String>,
}

/// Removes expired rows, at most [`CLEANED_AT_ONCE`] at a time.
#[async_trait]
pub trait Cleaner: Send + Sync {
    /// Examines the next `limit` events after a position that were relayed before a time. Removes those
    /// without unfinished inbox entries, together with their inbox entries.
    async fn clean_events(
        &self,
        sent_before: Timestamp,
        position: Option<&str>,
        limit: u32,
    ) -> Result<Cleaned, StoreError>;

    /// Removes at most `limit` mailed tokens that expired before a time, and returns their number.
    async fn clean_mail_tokens(&self, over_before: Timestamp, limit: u32) -> Result<u64, StoreError>;

    /// Removes at most `limit` entries of the mail throttle from before a time, and returns their number.
    async fn clean_mail_throttle(&self, asked_before: Timestamp, limit: u32) -> Result<u64, StoreError>;

    /// Removes at most `limit` processed mail requests that were made before a time, and returns their
    /// number.
    async fn clean_mail_requests(&self, made_before: Timestamp, limit: u32) -> Result<u64, StoreError>;

    /// Removes at most `limit` rows of the audit trail from before a time, and returns their number.
    async fn clean_audit(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;

    /// Removes at most `limit` bans that ended before a time, and returns their number.
    async fn clean_bans(&self, ended_before: Timestamp, limit: u32) -> Result<u64, StoreError>;

    /// Examines the next `limit` sessions after a position. Removes those that ended before a time.
    async fn clean_sessions(
        &self,
        over_before: Timestamp,
        position: Option<&str>,
        limit: u32,
    ) -> Result<Cleaned, StoreError>;
}
