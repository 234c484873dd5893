use async_trait::async_trait;
use uuid::Uuid;

use super::stored_event::StoredEvent;
use crate::domain::{Subject, Timestamp, UserId};
use crate::ports::store::StoreError;

/// The stored events and their inbox entries, for an operator who inspects them.
#[async_trait]
pub trait EventLog: Send + Sync {
    /// The matching events, newest first.
    async fn events(&self, filter: &EventFilter) -> Result<Vec<LoggedEvent>, StoreError>;

    /// Finds one event.
    async fn event(&self, id: Uuid) -> Result<Option<LoggedEvent>, StoreError>;

    /// The inbox entries of an event.
    async fn entries(&self, id: Uuid) -> Result<Vec<InboxEntryRow>, StoreError>;

    /// The dead letters whose events match, newest first.
    async fn dead(&self, filter: &EventFilter) -> Result<Vec<InboxEntryRow>, StoreError>;
}

/// A filter for events. An event must match all given members.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    /// Events of this type.
    pub type_name: Option<String>,
    /// Events about this user.
    pub user: Option<UserId>,
    /// Events at this time or later.
    pub since: Option<Timestamp>,
    /// The maximum number of results.
    pub limit: u32,
}

/// A stored event and the state of its relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedEvent {
    /// The event.
    pub event: StoredEvent,
    /// When it was relayed.
    pub relayed_at: Option<Timestamp>,
    /// The number of attempts to relay it.
    pub attempts: i64,
    /// The last error.
    pub last_error: Option<String>,
}

/// The inbox entry of one event for one handler, as an operator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxEntryRow {
    /// The id of the event.
    pub event_id: Uuid,
    /// The event type.
    pub type_name: String,
    /// The subject of the event.
    pub subject: Subject,
    /// When the event happened.
    pub at: Timestamp,
    /// The name of the handler.
    pub handler: String,
    /// `pending`, `done` or `dead`.
    pub state: String,
    /// The number of attempts.
    pub attempts: i64,
    /// When the next attempt is due, or when another worker may claim the entry.
    pub available_at: Timestamp,
    /// When the handler finished it.
    pub done_at: Option<Timestamp>,
    /// The last error.
    pub last_error: Option<String>,
}
