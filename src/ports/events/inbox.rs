use std::collections::BTreeMap;

use async_trait::async_trait;
use uuid::Uuid;

use super::lease::Lease;
use super::outbox::Delivery;
use super::stored_event::StoredEvent;
use crate::domain::{Subject, Timestamp};
use crate::ports::store::StoreError;

/// The inbox, for the component that runs handlers. It has one entry per event and subscribed handler.
#[async_trait]
pub trait InboxQueue: Send + Sync {
    /// Whether entries may be due for a handler. Called often, so it only reads.
    async fn is_due(&self, handler: &str, now: Timestamp) -> Result<bool, StoreError>;

    /// The types of these events. Events that are not in the outbox are missing from the result.
    async fn types_of(&self, events: &[Uuid]) -> Result<BTreeMap<Uuid, String>, StoreError>;

    /// Creates inbox entries for these events and the handlers subscribed to their types, in one transaction.
    /// Existing entries stay unchanged.
    async fn deliver(
        &self,
        events: &[Uuid],
        deliveries: &[Delivery],
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Claims at most `limit` due entries of a handler, the longest due first. Each claim counts as an
    /// attempt.
    async fn claim_due(&self, handler: &str, lease: &Lease, limit: u32) -> Result<Due, StoreError>;

    /// Claims one entry whose lease has expired, because its process died or froze. Only one at a time: the
    /// entry may be what killed the process, and entries claimed with it would have the attempt counted as
    /// well. Entries after `max_attempts` attempts are dead-lettered.
    async fn claim_abandoned(
        &self,
        handler: &str,
        lease: &Lease,
        max_attempts: u32,
    ) -> Result<Vec<InboxEntry>, StoreError>;

    /// The event of an inbox entry, if the entry still has this claim. Reads only, for work outside a unit of
    /// work.
    async fn claimed(&self, entry: &InboxEntry, claim: Uuid) -> Result<Option<StoredEvent>, StoreError>;

    /// Records that a handler failed, unless another worker has claimed the entry in the meantime.
    async fn reschedule(
        &self,
        entry: &InboxEntry,
        claim: Uuid,
        reschedule: &Reschedule,
    ) -> Result<(), StoreError>;

    /// Returns an entry that was claimed but not started. This does not count as an attempt.
    async fn release(&self, entry: &InboxEntry, claim: Uuid, now: Timestamp) -> Result<(), StoreError>;
}

/// The inbox, inside a unit of work.
#[async_trait]
pub trait Inbox: Send {
    /// Marks these events as done by a handler. Returns them in order, without those that this claim has
    /// lost: the handler must not act on them. Call it first in the unit of work, so that no other worker can
    /// claim them before its end.
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
    /// The claimed entries.
    pub claimed: Vec<InboxEntry>,
    /// The number of entries that were due but now wait for an earlier entry of their subject. While it is
    /// above 0, the next claim can find entries behind these, even if this one claimed none.
    pub postponed: u64,
}

/// An inbox entry: one event for one handler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxEntry {
    /// The id of the event.
    pub event_id: Uuid,
    /// The name of the handler.
    pub handler: String,
    /// The subject of the event.
    pub subject: Subject,
    /// The number of attempts, including this one.
    pub attempts: u32,
}

/// The failure of a handler and its consequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reschedule {
    /// When to retry; `None` dead-letters the entry.
    pub again: Option<Timestamp>,
    /// The error, for an operator.
    pub error: String,
}
