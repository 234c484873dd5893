use async_trait::async_trait;
use uuid::Uuid;

use super::Lease;
use crate::domain::Timestamp;
use crate::ports::StoreError;

/// Sees to it that what is done now and then is done by one process at a time.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// Claims a job if it is due.
    async fn claim_job(&self, name: &str, lease: &Lease) -> Result<Option<ClaimedJob>, StoreError>;

    /// Stores when the job is due again and the position from which its next run continues, unless the job
    /// was claimed by another process in the meantime.
    async fn job_done(
        &self,
        name: &str,
        claim: Uuid,
        due_at: Timestamp,
        position: Option<&str>,
    ) -> Result<(), StoreError>;
}

/// A job that was due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedJob {
    /// Where the last run stopped; `None`: at the beginning.
    pub position: Option<String>,
}

/// The most rows that one call of a [`Cleaner`] looks at.
pub const CLEANED_AT_ONCE: u32 = 500;

/// What one step of a walk through a table did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned {
    /// How many rows were removed.
    pub removed: u64,
    /// The position from which the next step continues, in words of the [`Cleaner`]; `None`: the walk is at
    /// its end.
    pub next: Option<String>,
}

/// Removes rows that are over, at most [`CLEANED_AT_ONCE`] rows at a time.
#[async_trait]
pub trait Cleaner: Send + Sync {
    /// Looks at the next `limit` events after a position that were sent before then, and removes those that
    /// no handler has left to do, with their inbox entries.
    async fn clean_events(
        &self,
        sent_before: Timestamp,
        position: Option<&str>,
        limit: u32,
    ) -> Result<Cleaned, StoreError>;

    /// Tokens that were sent by mail and have not been good since before then, at most `limit`. Returns how many.
    async fn clean_mail_tokens(&self, over_before: Timestamp, limit: u32) -> Result<u64, StoreError>;

    /// Notes of who asked for a mail before then, at most `limit`. Returns how many.
    async fn clean_mail_throttle(&self, asked_before: Timestamp, limit: u32) -> Result<u64, StoreError>;

    /// Answered requests for mails that were made before then, at most `limit`. Returns how many.
    async fn clean_mail_requests(&self, made_before: Timestamp, limit: u32) -> Result<u64, StoreError>;

    /// Rows of the audit trail from before then, at most `limit`. Returns how many.
    async fn clean_audit(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;

    /// Bans that ended before then, at most `limit`. Returns how many.
    async fn clean_bans(&self, ended_before: Timestamp, limit: u32) -> Result<u64, StoreError>;

    /// Looks at the next `limit` sessions after a position, and removes those that were over before then.
    async fn clean_sessions(
        &self,
        over_before: Timestamp,
        position: Option<&str>,
        limit: u32,
    ) -> Result<Cleaned, StoreError>;
}
