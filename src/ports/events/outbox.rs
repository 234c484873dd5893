use async_trait::async_trait;
use uuid::Uuid;

use super::{Lease, StoredEvent};
use crate::domain::Timestamp;
use crate::ports::StoreError;

/// The outbox, for whoever hands its events on.
#[async_trait]
pub trait OutboxQueue: Send + Sync {
    /// Whether [`claim_unrelayed`](Self::claim_unsent) may find something. Asked often, so it only reads.
    async fn is_due(&self, now: Timestamp) -> Result<bool, StoreError>;

    /// Claims events that were not sent, the oldest first, at most `limit`.
    ///
    /// One of a user is never claimed while an earlier one of theirs is held by somebody else or waits for its next try.
    async fn claim_unrelayed(&self, lease: &Lease, limit: u32) -> Result<Vec<StoredEvent>, StoreError>;

    /// In one transaction: puts off what could not be sent, delivers into the inbox, and marks the rest of the claimed
    /// as sent. What was claimed by somebody else meanwhile is left alone. Returns how many were marked.
    async fn record_outcomes(&self, outcome: &RelayOutcome<'_>) -> Result<u64, StoreError>;
}

/// What came of the events of one claim.
#[derive(Clone, Copy, Debug)]
pub struct RelayOutcome<'a> {
    /// The claim.
    pub claim: Uuid,
    /// The time.
    pub now: Timestamp,
    /// The lowest and the highest place in the outbox among the claimed.
    pub range: (i64, i64),
    /// Those that could not be sent.
    pub unrelayed: &'a [UnrelayedEvent],
    /// Which events, by type, go to which handler of this service.
    pub deliveries: &'a [Delivery],
}

/// An event that could not be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnrelayedEvent {
    /// Its place in the outbox.
    pub seq: i64,
    /// When to try again.
    pub until: Timestamp,
    /// Why.
    pub error: String,
}

/// Every event of a type, for a handler.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delivery {
    /// Of this type.
    pub type_name: String,
    /// For this handler.
    pub handler: &'static str,
}
