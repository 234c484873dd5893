use async_trait::async_trait;

use crate::domain::Timestamp;
use crate::ports::store::StoreError;

/// Reads the backlog.
#[async_trait]
pub trait BacklogReader: Send + Sync {
    /// The current backlog, without finished work, so the cost does not depend on how much of that is stored.
    async fn backlog(&self, limit: StatementLimit) -> Result<Backlog, StoreError>;
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
