use async_trait::async_trait;
use const_format::concatcp;
use uuid::Uuid;

use super::filtered::{Filtered, by_filter, filtered};
use super::relay::{STORED, StoredRow};
use super::since::first_since;
use crate::adapters::sqlx::long_statement::long_statement;
use crate::adapters::sqlx::run::{Pool, on_pool};
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::domain::Subject;
use crate::ports::events::{EventFilter, EventLog, InboxEntryRow, LoggedEvent};
use crate::ports::store::StoreError;

const LOGGED: &str = concatcp!("SELECT ", STORED, ", relayed_at, attempts, last_error FROM outbox ");

/// A join with the outbox would be planned for all partitions at once. A subquery reads that of the event.
macro_rules! entries {
    ($of:literal) => {
        concatcp!(
            "SELECT event_id, type, subject, occurred_at, handler, state, attempts, available_at, done_at, last_error \
             FROM (SELECT event_id, (SELECT type FROM outbox WHERE id = event_id) AS type, subject, seq, \
             (SELECT occurred_at FROM outbox WHERE id = event_id) AS occurred_at, handler, state, attempts, \
             available_at, done_at, last_error FROM inbox WHERE ",
            $of,
            ") AS entries WHERE "
        )
    };
}

/// `$5` is a position in the outbox that is not after the first event that can match.
const EVENTS: Filtered = by_filter!(
    concatcp!(LOGGED, "WHERE "),
    "outbox.subject",
    "AND occurred_at >= $3 AND seq >= $5 ORDER BY seq DESC LIMIT $4",
);
const EVENT: &str = concatcp!(LOGGED, "WHERE id = $1");
const ENTRIES: &str = concatcp!(entries!("event_id = $1"), "occurred_at IS NOT NULL ORDER BY handler");
/// The dead letters from `$5` and before `$6`.
const DEAD: Filtered = by_filter!(
    entries!("state = 'dead' AND seq >= $5 AND seq < $6"),
    "subject",
    "AND occurred_at >= $3 ORDER BY seq DESC, handler LIMIT $4",
);
/// A filter of the type reads the event of each dead letter, until enough match. So that many dead letters
/// take many short statements, one of them looks at as many as `OFFSET` says.
const SLICE_OF_DEAD: &str = "SELECT seq FROM inbox WHERE state = 'dead' AND seq >= $1 AND seq < $2 ORDER BY seq DESC LIMIT 1 OFFSET 199";

#[derive(sqlx::FromRow)]
struct LoggedRow {
    #[sqlx(flatten)]
    event: StoredRow,
    relayed_at: Option<SqlTimestamp>,
    attempts: i64,
    last_error: Option<String>,
}

impl From<LoggedRow> for LoggedEvent {
    fn from(row: LoggedRow) -> Self {
        Self {
            event: row.event.into(),
            relayed_at: row.relayed_at.map(|moment| moment.0),
            attempts: row.attempts,
            last_error: row.last_error,
        }
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    event_id: Uuid,
    r#type: String,
    subject: Uuid,
    occurred_at: SqlTimestamp,
    handler: String,
    state: String,
    attempts: i64,
    available_at: SqlTimestamp,
    done_at: Option<SqlTimestamp>,
    last_error: Option<String>,
}

impl From<Row> for InboxEntryRow {
    fn from(row: Row) -> Self {
        Self {
            event_id: row.event_id,
            type_name: row.r#type,
            subject: Subject(row.subject),
            at: row.occurred_at.0,
            handler: row.handler,
            state: row.state,
            attempts: row.attempts,
            available_at: row.available_at.0,
            done_at: row.done_at.map(|moment| moment.0),
            last_error: row.last_error,
        }
    }
}

impl SqlxStore {
    /// Returns a position in the outbox that is not after the first event that can match.
    async fn first(&self, filter: &EventFilter) -> Result<i64, StoreError> {
        match filter.since {
            Some(since) => first_since(self, since).await,
            None => Ok(0),
        }
    }

    /// Returns where the slice of dead letters before a position begins; `None` if it has all that are left.
    async fn slice_of_dead(
        &self,
        filter: &EventFilter,
        first: i64,
        before: i64,
    ) -> Result<Option<i64>, StoreError> {
        if filter.type_name.is_none() {
            return Ok(None);
        }
        let mut from: Vec<i64> = long_statement!(self.readers, |db| {
            sqlx::query_scalar(SLICE_OF_DEAD).bind(first).bind(before).fetch_all(db)
        })?;
        Ok(from.pop())
    }
}

#[async_trait]
impl EventLog for SqlxStore {
    async fn events(&self, filter: &EventFilter) -> Result<Vec<LoggedEvent>, StoreError> {
        let first = self.first(filter).await?;
        let rows: Vec<LoggedRow> =
            long_statement!(self.readers, |db| filtered!(EVENTS, filter).bind(first).fetch_all(db))?;
        Ok(rows.into_iter().map(LoggedEvent::from).collect())
    }

    async fn event(&self, id: Uuid) -> Result<Option<LoggedEvent>, StoreError> {
        let row: Option<LoggedRow> =
            on_pool!(&self.readers, |db| sqlx::query_as(EVENT).bind(id).fetch_optional(db))?;
        Ok(row.map(LoggedEvent::from))
    }

    async fn entries(&self, id: Uuid) -> Result<Vec<InboxEntryRow>, StoreError> {
        let rows: Vec<Row> = on_pool!(&self.readers, |db| sqlx::query_as(ENTRIES).bind(id).fetch_all(db))?;
        Ok(rows.into_iter().map(InboxEntryRow::from).collect())
    }

    async fn dead(&self, filter: &EventFilter) -> Result<Vec<InboxEntryRow>, StoreError> {
        let (first, mut before) = (self.first(filter).await?, i64::MAX);
        let mut found: Vec<InboxEntryRow> = Vec::new();
        loop {
            let from = self.slice_of_dead(filter, first, before).await?;
            let rows: Vec<Row> = long_statement!(self.readers, |db| {
                filtered!(DEAD, filter).bind(from.unwrap_or(first)).bind(before).fetch_all(db)
            })?;
            found.extend(rows.into_iter().map(InboxEntryRow::from));
            let enough = found.len() >= filter.limit as usize;
            match from {
                Some(from) if !enough => before = from,
                _ => break,
            }
        }
        found.truncate(filter.limit as usize);
        Ok(found)
    }
}
