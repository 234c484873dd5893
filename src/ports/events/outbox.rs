use async_trait::async_trait;
use uuid::Uuid;

use super::lease::Lease;
use super::stored_event::StoredEvent;
use crate::domain::Timestamp;
use crate::ports::store::StoreError;

/// The outbox, for the relay.
#[async_trait]
pub trait OutboxQueue: Send + Sync {
    /// Whether [`claim_unrelayed`](Self::claim_unrelayed) may find events. Called often, so it only reads.
    async fn is_due(&self, now: Timestamp) -> Result<bool, StoreError>;

    /// Claims at most `limit` events that have not been relayed, oldest first.
    ///
    /// An event is not claimed while another process has claimed an earlier event of the same subject, or
    /// while such an event waits for its next attempt.
    async fn claim_unrelayed(&self, lease: &Lease, limit: u32) -> Result<Vec<StoredEvent>, StoreError>;

    /// In one transaction: reschedules the events that failed, delivers the rest to the inbox and marks them
    /// as relayed. Events that another process has claimed in the meantime stay unchanged. Returns the number
    /// of events marked as relayed.
    async fn record_outcomes(&self, outcome: &RelayOutcome<'_>) -> Result<u64, StoreError>;
}

/// The results of one claim.
#[derive(Clone, Copy, Debug)]
pub struct RelayOutcome<'a> {
    /// The fencing token of the claim.
    pub claim: Uuid,
    /// The current time.
    pub now: Timestamp,
    /// The claimed events.
    pub events: &'a [Uuid],
    /// The events that could not be relayed.
    pub unrelayed: &'a [UnrelayedEvent],
    /// The subscriptions of the handlers of this service.
    pub deliveries: &'a [Delivery],
}

/// An event that could not be relayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnrelayedEvent {
    /// Its id.
    pub id: Uuid,
    /// When to retry.
    pub until: Timestamp,
    /// The error.
    pub error: String,
}

/// A subscription: a handler receives all events of a type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delivery {
    /// The event type.
    pub type_name: String,
    /// The name of the handler.
    pub handler: &'static str,
}
