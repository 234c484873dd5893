use async_trait::async_trait;
use uuid::Uuid;

use super::Lease;
use crate::domain::{SessionId, Timestamp};
use crate::ports::StoreError;

/// Sees to it that what is done now and then is done by one process at a time.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// Claims a job that is due; whether it was.
    async fn claim_job(&self, name: &str, lease: &Lease) -> Result<bool, StoreError>;

    /// Says when it is due again, unless somebody else has claimed it meanwhile.
    async fn job_done(&self, name: &str, claim: Uuid, due_at: Timestamp) -> Result<(), StoreError>;
}

/// Removes what nobody needs any more, a little at a time.
#[async_trait]
pub trait Cleaner: Send + Sync {
    /// Events that were sent before then and that no handler has left to do, with what the inbox knows of them: at most
    /// `limit`. Returns how many.
    async fn clean_events(&self, sent_before: Timestamp, limit: u32) -> Result<u64, StoreError>;

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

    /// Of the next `limit` sessions after this one, those that were over before then. Returns how many, and where to go
    /// on; `None` at the end.
    async fn clean_sessions(
        &self,
        over_before: Timestamp,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<(u64, Option<SessionId>), StoreError>;
}
