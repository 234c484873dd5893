use async_trait::async_trait;

use super::error::StoreError;
use crate::domain::{ClaimedMailRequest, MailRequest, Timestamp};
use crate::ports::events::Lease;

/// Requests for mails to email addresses, whether or not they have an account.
#[async_trait]
pub trait MailRequestQueue: Send + Sync {
    /// Records a request with the trace of the current task, unless a request with its digest was made within
    /// the pause of its kind. It runs one statement, the same for every email address. It replaces an earlier
    /// request that was not processed yet.
    async fn record(&self, request: &MailRequest) -> Result<(), StoreError>;

    /// Whether [`claim_due`](Self::claim_due) may find a request. Called often, so it only reads.
    async fn is_due(&self, now: Timestamp) -> Result<bool, StoreError>;

    /// Claims at most `limit` due requests, the longest due first. A request that is not processed before the
    /// lease ends is due again. A stored request that cannot be read is left out; it is given up after ten
    /// claims.
    async fn claim_due(&self, lease: &Lease, limit: u32) -> Result<Vec<ClaimedMailRequest>, StoreError>;

    /// Removes at most `limit` processed requests that were made before a time, and returns their number.
    async fn clean(&self, made_before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}

/// Requests for mails, inside a unit of work.
#[async_trait]
pub trait MailRequests: Send {
    /// Marks a request as processed and deletes its email address. Returns false and changes nothing if the
    /// claim was lost. Call it first in the unit of work, so that no other worker processes the same request.
    async fn answer(&mut self, request: &ClaimedMailRequest) -> Result<bool, StoreError>;
}
