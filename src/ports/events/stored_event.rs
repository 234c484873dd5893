use uuid::Uuid;

use crate::domain::{Cause, Subject, Timestamp};

/// An event as it is stored. Its data is text here, because the reader may be an older version of the service
/// than the writer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its position in the outbox.
    pub seq: i64,
    /// The unique id of the event.
    pub id: Uuid,
    /// The event type with the version of `data`, such as `svc.user.registered.v1`.
    pub type_name: String,
    /// What the event is about: in most cases a user.
    pub subject: Subject,
    /// The actor: a user's id, `operator` or `service`.
    pub actor: String,
    /// When it happened.
    pub at: Timestamp,
    /// The data, as the text of a JSON object.
    pub data: String,
    /// The request that caused the event, and its trace.
    pub cause: Cause,
}
