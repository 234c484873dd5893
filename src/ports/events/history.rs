use async_trait::async_trait;
use uuid::Uuid;

use crate::domain::{SessionId, Timestamp, UserId};
use crate::ports::store::StoreError;

/// Reads the past of a user and of one of their sessions.
#[async_trait]
pub trait History: Send + Sync {
    /// At most `limit` events about the user at `since` or later, oldest first: those that concern no
    /// session, and those of `session`. From the outbox and the audit trail, each event once.
    async fn of_user(
        &self,
        user: UserId,
        session: SessionId,
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<PastEvent>, StoreError>;
}

/// An event, with the parts of its data that explain the end of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastEvent {
    /// The id of the event.
    pub id: Uuid,
    /// When it happened.
    pub at: Timestamp,
    /// The actor: a user's id, `operator` or `service`.
    pub actor: String,
    /// The operating system's user, if an operator caused it.
    pub operator: Option<String>,
    /// The event type with its version, such as `svc.session.revoked.v1`.
    pub type_name: String,
    /// The reason in its data.
    pub reason: Option<String>,
}
