use async_trait::async_trait;
use uuid::Uuid;

use super::EventFilter;
use crate::domain::{Subject, Timestamp};
use crate::ports::StoreError;

/// The audit trail, inside a unit of work.
#[async_trait]
pub trait Audit: Send {
    /// Notes events as they stand in the outbox. What is noted already is left as it is.
    async fn record(&mut self, events: &[Uuid]) -> Result<(), StoreError>;
}

/// The audit trail, for whoever reads it.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// The rows that match, the newest first.
    async fn audit(&self, filter: &EventFilter) -> Result<Vec<AuditRow>, StoreError>;
}

/// Who did what to whom, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// The event that told of it.
    pub event_id: Uuid,
    /// When.
    pub at: Timestamp,
    /// Who: a user's id, `operator` or `service`.
    pub actor: String,
    /// What: the event's type.
    pub type_name: String,
    /// To what: a user, or a ban of a network.
    pub subject: Subject,
    /// The facts, as the text of a JSON object.
    pub data: String,
}
