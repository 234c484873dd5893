use async_trait::async_trait;
use uuid::Uuid;

use super::log::EventFilter;
use crate::domain::{Subject, Timestamp};
use crate::ports::store::{Kept, StoreError};

/// The audit trail, inside a unit of work.
#[async_trait]
pub trait Audit: Send {
    /// Records events as they are in the outbox. Leaves events that are recorded already unchanged.
    async fn record(&mut self, events: &[Uuid]) -> Result<(), StoreError>;
}

/// The audit trail, without a transaction.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// The matching rows, newest first.
    async fn list(&self, filter: &EventFilter) -> Result<Vec<AuditRow>, StoreError>;

    /// Removes at most `limit` rows of events whose retention is over, and returns their number. Passes over
    /// rows that are removed together with a partition.
    async fn clean(&self, kept: Kept, limit: u32) -> Result<u64, StoreError>;
}

/// One row of the audit trail: the actor, the event and its subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// The event that was recorded.
    pub event_id: Uuid,
    /// When it happened.
    pub at: Timestamp,
    /// The actor: a user's id, `operator` or `service`.
    pub actor: String,
    /// The event type.
    pub type_name: String,
    /// The subject: a user, or a ban of a network.
    pub subject: Subject,
    /// The event's data, as the text of a JSON object.
    pub data: String,
}
