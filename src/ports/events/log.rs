use async_trait::async_trait;
use uuid::Uuid;

use super::StoredEvent;
use crate::domain::{Subject, Timestamp, UserId};
use crate::ports::StoreError;

/// What became of events, for an operator, and how they are sent again.
#[async_trait]
pub trait EventLog: Send + Sync {
    /// The events that match, the newest first.
    async fn events(&self, filter: &EventFilter) -> Result<Vec<LoggedEvent>, StoreError>;

    /// One event.
    async fn event(&self, id: Uuid) -> Result<Option<LoggedEvent>, StoreError>;

    /// What the handlers made of an event.
    async fn entries(&self, id: Uuid) -> Result<Vec<InboxEntryRow>, StoreError>;

    /// The handlings that are dead and whose events match, the newest first.
    async fn dead(&self, filter: &EventFilter) -> Result<Vec<InboxEntryRow>, StoreError>;

    /// How many events would be sent again, and how many dead handlings would be tried again.
    async fn count(&self, selection: &Selection) -> Result<(u64, u64), StoreError>;

    /// Has events that were sent sent again: of those after `after` the next `limit`. What a handler has done already it
    /// does not do twice. Returns how many, and where to go on; `None` at the end.
    async fn replay(
        &self,
        selection: &Selection,
        after: i64,
        limit: u32,
    ) -> Result<(u64, Option<i64>), StoreError>;

    /// How much is waiting, without what is done: cheap however much of that is kept.
    async fn backlog(&self, limit: StatementLimit) -> Result<Backlog, StoreError>;

    /// Gives dead handlings their tries back, at most `limit`. Returns how many.
    async fn requeue(&self, selection: &Selection, now: Timestamp, limit: u32) -> Result<u64, StoreError>;
}

/// Which events: those that match everything that is given.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    /// Of this type.
    pub type_name: Option<String>,
    /// That happened to this user.
    pub user: Option<UserId>,
    /// That happened then or later.
    pub since: Option<Timestamp>,
    /// At most so many.
    pub limit: u32,
}

/// The most events that one call of [`EventLog::replay`], or dead handlings that one of
/// [`EventLog::requeue`], takes.
pub const REPLAYED_AT_ONCE: u32 = 500;

/// What is to be done again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// One event, and its dead handlings.
    One(Uuid),
    /// Every event since then, and their dead handlings.
    Since(Timestamp),
    /// Every dead handling, and no event.
    Dead,
}

/// An event, and how it was handed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedEvent {
    /// The event.
    pub event: StoredEvent,
    /// When it was handed on.
    pub relayed_at: Option<Timestamp>,
    /// How often that was begun.
    pub attempts: i64,
    /// Why it failed last.
    pub last_error: Option<String>,
}

/// What one handler made of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxEntryRow {
    /// The event.
    pub event_id: Uuid,
    /// Its type.
    pub type_name: String,
    /// What it happened to.
    pub subject: Subject,
    /// When it happened.
    pub at: Timestamp,
    /// The handler.
    pub handler: String,
    /// `pending`, `done` or `dead`.
    pub state: String,
    /// How often it was begun.
    pub attempts: i64,
    /// When it is tried next, or somebody else may.
    pub available_at: Timestamp,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// Why it failed last.
    pub last_error: Option<String>,
}

/// How long a statement may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatementLimit {
    /// As long as a statement of a request: a client waits for the answer.
    Request,
    /// As long as a statement of a job or of the command line.
    Job,
}

/// How much is waiting now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Events that are not sent.
    pub unrelayed: i64,
    /// Of these, tried before and failed.
    pub failing: i64,
    /// When the oldest of them happened.
    pub oldest: Option<Timestamp>,
    /// For each handler that has something to do, by name.
    pub handlers: Vec<HandlerBacklog>,
    /// The size of the whole database, in bytes.
    pub database_bytes: i64,
}

/// What waits for one handler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandlerBacklog {
    /// Its name.
    pub handler: String,
    /// To be done.
    pub pending: i64,
    /// Of these, tried before and failed.
    pub failing: i64,
    /// Given up.
    pub dead: i64,
    /// When the first event that is to be done happened.
    pub oldest: Option<Timestamp>,
}

impl HandlerBacklog {
    /// Of a handler for which nothing waits.
    #[must_use]
    pub fn idle(handler: &str) -> Self {
        Self { handler: handler.to_owned(), pending: 0, failing: 0, dead: 0, oldest: None }
    }
}
