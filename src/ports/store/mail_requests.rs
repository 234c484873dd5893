use async_trait::async_trait;

use super::StoreError;
use crate::domain::{ClaimedMailRequest, MailRequest, Timestamp};
use crate::ports::events::Lease;

/// Requests for mails to email addresses, with and without an account.
#[async_trait]
pub trait MailRequestQueue: Send + Sync {
    /// Records a request with the trace of the current task, unless one with its digest was made less than the pause of its
    /// kind ago. One statement, the same for every address. Of a request that was not answered yet, this one takes the place.
    async fn record(&self, request: &MailRequest) -> Result<(), StoreError>;

    /// Whether [`claim_due`](Self::claim_due) may find a request. Asked often, so it only reads.
    async fn is_due(&self, now: Timestamp) -> Result<bool, StoreError>;

    /// Claims requests that are due, the longest due first, at most `limit`. What is not answered when the lease ends is due
    /// again.
    async fn claim_due(&self, lease: &Lease, limit: u32) -> Result<Vec<ClaimedMailRequest>, StoreError>;
}

/// Requests for mails, inside a unit of work.
#[async_trait]
pub trait MailRequests: Send {
    /// Marks a request as answered and removes its address. Returns false, and changes nothing, if the claim has ended.
    /// First in the unit of work, so that no other worker answers the same request.
    async fn answer(&mut self, request: &ClaimedMailRequest) -> Result<bool, StoreError>;
}
