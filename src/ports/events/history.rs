use async_trait::async_trait;
use uuid::Uuid;

use crate::domain::{EventType, SessionId, Subject, Timestamp, UserId};
use crate::ports::store::StoreError;

/// Reads the past of a user, of one of their sessions, of a ban and of a signing key.
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

    /// The last `limit` events of a ban or a signing key, oldest first. `object` is its id, and `subject` the
    /// one of its events. From the outbox and the audit trail, each event once.
    async fn of_object(
        &self,
        subject: Subject,
        object: &str,
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
    /// The ban or the signing key in its data, by id.
    pub object: Option<String>,
    /// The end in its data, such as that of a ban.
    pub ends_at: Option<String>,
    /// Whether the signing key in its data was compromised.
    pub is_compromised: bool,
}

impl PastEvent {
    /// The type, unless it is one of another release.
    #[must_use]
    pub fn event_type(&self) -> Option<EventType> {
        EventType::parse(&self.type_name)
    }

    /// The actor in words, where `user` is the user whose past is explained.
    #[must_use]
    pub fn by(&self, user: Option<UserId>) -> String {
        match (self.actor.as_str(), &self.operator) {
            ("operator", Some(name)) => format!("operator {name}"),
            ("operator", None) => "an operator".to_owned(),
            ("service", _) => "the service".to_owned(),
            (id, _) if user.is_some_and(|user| user.to_string() == id) => "the user".to_owned(),
            (id, _) => format!("user {id}"),
        }
    }
}
