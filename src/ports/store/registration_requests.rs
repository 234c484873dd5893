use async_trait::async_trait;

use super::error::StoreError;
use crate::domain::{ClaimedRegistration, RegistrationRequest, Timestamp};
use crate::ports::events::Lease;

/// Requests to register, whether or not their email address has an account.
#[async_trait]
pub trait RegistrationQueue: Send + Sync {
    /// Records a request, due at `due_at`, with the trace of the current task, unless an earlier request for
    /// the email address waits: the first one wins. It runs one statement, the same for every email address.
    /// It replaces a request that was answered or has expired.
    async fn record(&self, request: &RegistrationRequest, due_at: Timestamp) -> Result<(), StoreError>;

    /// Whether [`claim_due`](Self::claim_due) may find a request. Called often, so it only reads.
    async fn is_due(&self, now: Timestamp) -> Result<bool, StoreError>;

    /// Claims at most `limit` due requests, the longest due first. A request that is not answered before the
    /// lease ends is due again. A stored request that cannot be read is left out; it is given up after ten
    /// claims.
    async fn claim_due(&self, lease: &Lease, limit: u32) -> Result<Vec<ClaimedRegistration>, StoreError>;

    /// Removes at most `limit` requests that were made before a time, answered or not.
    async fn clean(&self, made_before: Timestamp, limit: u32) -> Result<CleanedRegistrations, StoreError>;
}

/// The requests that one step of the clean-up removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CleanedRegistrations {
    /// All of them.
    pub removed: u64,
    /// Those that no worker had answered.
    pub expired: u64,
}

/// Requests to register, inside a unit of work.
#[async_trait]
pub trait RegistrationRequests: Send {
    /// Marks a request as answered and deletes everything about the person. `noticed_at` is the time of the
    /// notice that the answer sends, if it sends one. Returns false and changes nothing if the claim was
    /// lost. Call it before any change in the unit of work, so that no other worker answers the same request.
    async fn answer(
        &mut self,
        claimed: &ClaimedRegistration,
        noticed_at: Option<Timestamp>,
    ) -> Result<bool, StoreError>;
}
