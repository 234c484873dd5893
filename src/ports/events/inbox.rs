use std::collections::BTreeMap;

use async_trait::async_trait;
use uuid::Uuid;

use super::{Delivery, Lease, StoredEvent};
use crate::domain::{Subject, Timestamp};
use crate::ports::StoreError;

/// The inbox, for whoever runs handlers: one row for each event and each handler that wants it.
#[async_trait]
pub trait InboxQueue: Send + Sync {
    /// Whether there may be something to claim for a handler. Asked often, so it only reads.
    async fn is_due(&self, handler: &str, now: Timestamp) -> Result<bool, StoreError>;

    /// The types of these events; those that are not in the outbox are left out.
    async fn types_of(&self, events: &[Uuid]) -> Result<BTreeMap<Uuid, String>, StoreError>;

    /// Puts these events into the inbox, in one transaction, for the handlers that want their types. What is there already
    /// stays as it is.
    async fn deliver(
        &self,
        events: &[Uuid],
        deliveries: &[Delivery],
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Claims what is due for a handler, the longest due first, at most `limit`. Each claim counts as a try.
    async fn claim_due(&self, handler: &str, lease: &Lease, limit: u32) -> Result<Due, StoreError>;

    /// Claims one whose lease ran out: its process died, or froze. One by one, since it may be what killed the process,
    /// and others that are claimed with it would count a try for that. Those that were tried `max_attempts` times are dead.
    async fn claim_abandoned(
        &self,
        handler: &str,
        lease: &Lease,
        max_attempts: u32,
    ) -> Result<Vec<InboxEntry>, StoreError>;

    /// The event of a handling, while it is still this claim's. Only reads, for what is done outside of a unit of work.
    async fn held(&self, entry: &InboxEntry, claim: Uuid) -> Result<Option<StoredEvent>, StoreError>;

    /// Notes that a handler failed, unless somebody else has claimed the same meanwhile.
    async fn reschedule(
        &self,
        entry: &InboxEntry,
        claim: Uuid,
        reschedule: &Reschedule,
    ) -> Result<(), StoreError>;

    /// Gives back what was claimed and not begun; it counts as no try.
    async fn release(&self, entry: &InboxEntry, claim: Uuid, now: Timestamp) -> Result<(), StoreError>;
}

/// The inbox, inside a unit of work.
#[async_trait]
pub trait Inbox: Send {
    /// Marks these events as done by a handler and returns them in their order, without those that are not this claim's any
    /// more: nothing may be done about them. First in the unit of work, so that nobody else can claim them until its end.
    async fn finish(
        &mut self,
        handler: &str,
        events: &[Uuid],
        claim: Uuid,
        now: Timestamp,
    ) -> Result<Vec<StoredEvent>, StoreError>;
}

/// The result of a claim of due entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// The entries that were claimed.
    pub claimed: Vec<InboxEntry>,
    /// The number of entries that were due and now wait for an earlier entry of their user. While it is above
    /// 0, the next claim can find entries that were behind these, though this one claimed none.
    pub put_off: u64,
}

/// One event for one handler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxEntry {
    /// The event.
    pub event_id: Uuid,
    /// The handler.
    pub handler: String,
    /// What the event happened to.
    pub subject: Subject,
    /// How often it was begun, this time included.
    pub attempts: u32,
}

/// That a handler failed, and what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reschedule {
    /// When to try again; `None`: never, it is dead.
    pub again: Option<Timestamp>,
    /// Why, for an operator.
    pub error: String,
}
