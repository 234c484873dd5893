use async_trait::async_trait;
use uuid::Uuid;

use super::stored_event::StoredEvent;
use crate::domain::{Subject, Timestamp, UserId};
use crate::ports::store::StoreError;

/// The stored events and their inbox entries, for an operator who inspects or replays them.
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

    /// The number of events that a replay would relay again, and of dead letters that it would requeue.
    async fn count(&self, selection: &Selection) -> Result<(u64, u64), StoreError>;

    /// Marks relayed events to be relayed again: the next `limit` after position `after`. A handler that has
    /// finished an event does not handle it twice. Returns the number of events and the next position; `None`
    /// at the end.
    async fn replay(
        &self,
        selection: &Selection,
        after: i64,
        limit: u32,
    ) -> Result<(u64, Option<i64>), StoreError>;

    /// The current backlog, without finished work, so the cost does not depend on how much of that is stored.
    async fn backlog(&self, limit: StatementLimit) -> Result<Backlog, StoreError>;

    /// Requeues at most `limit` dead letters. Returns their number.
    async fn requeue(&self, selection: &Selection, now: Timestamp, limit: u32) -> Result<u64, StoreError>;
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

/// The maximum number of events that one call of [`EventLog::replay`] relays again.
pub const REPLAYED_AT_ONCE: u32 = 500;

/// The maximum number of dead letters that one call of [`EventLog::requeue`] requeues.
pub const REQUEUED_AT_ONCE: u32 = 200;

/// The events and dead letters to replay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// One event and its dead letters.
    One(Uuid),
    /// All events since a time, and their dead letters.
    Since(Timestamp),
    /// All dead letters, and no event.
    Dead,
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

/// The time limit of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatementLimit {
    /// The limit for requests, where a client waits for the response.
    Request,
    /// The limit for jobs and the command line.
    Job,
}

/// The current backlog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Events that have not been relayed.
    pub unrelayed: i64,
    /// Those of them whose last attempt failed.
    pub failing: i64,
    /// When the oldest of them happened.
    pub oldest: Option<Timestamp>,
    /// The backlog of each handler that has one, by name.
    pub handlers: Vec<HandlerBacklog>,
    /// The size of the whole database, in bytes.
    pub database_bytes: i64,
}

/// The backlog of one handler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandlerBacklog {
    /// The name of the handler.
    pub handler: String,
    /// Pending inbox entries.
    pub pending: i64,
    /// Those of them whose last attempt failed.
    pub failing: i64,
    /// Dead letters.
    pub dead: i64,
    /// When the oldest pending event happened.
    pub oldest: Option<Timestamp>,
}

impl HandlerBacklog {
    /// The backlog of a handler without entries.
    #[must_use]
    pub fn idle(handler: &str) -> Self {
        Self { handler: handler.to_owned(), pending: 0, failing: 0, dead: 0, oldest: None }
    }
}
