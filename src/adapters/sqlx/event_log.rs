use async_trait::async_trait;
use futures_util::TryFutureExt;
use uuid::Uuid;

use super::filtered::{fetch_filtered, matching};
use super::moment::Moment;
use super::relay::{StoredRow, stored};
use super::run::{Pool, on_pool};
use super::{SqlxStore, backlog};
use crate::domain::{Subject, Timestamp};
use crate::ports::events::{
    Backlog, EventFilter, EventLog, HandlerStats, HandlingRow, LoggedEvent, OutboxStats, Queue, Selection,
    Stats,
};
use crate::ports::store::StoreError;

macro_rules! logged {
    () => {
        concat!("SELECT ", stored!(), ", sent_at, attempts, last_error FROM outbox ")
    };
}

macro_rules! handlings {
    () => {
        "SELECT event_id, type, inbox.subject AS subject, occurred_at, handler, state, tries, \
         inbox.held_until AS held_until, done_at, inbox.last_error AS last_error \
         FROM inbox JOIN outbox ON outbox.id = event_id "
    };
}

const EVENTS: &str = concat!(logged!(), "WHERE ", matching!("outbox.subject"), "ORDER BY seq DESC LIMIT $4");
const EVENT: &str = concat!(logged!(), "WHERE id = $1");
const HANDLINGS: &str = concat!(handlings!(), "WHERE event_id = $1 ORDER BY handler");
const DEAD: &str = concat!(
    handlings!(),
    "WHERE state = 'dead' AND ",
    matching!("outbox.subject"),
    "ORDER BY inbox.seq DESC, handler LIMIT $4"
);
pub(super) const OUTBOX_STATS: &str = "SELECT count(*) AS unsent, count(last_error) AS failing, \
     min(occurred_at) AS oldest FROM outbox WHERE sent_at IS NULL";
const HANDLER_STATS: &str = "SELECT handler, count(CASE state WHEN 'pending' THEN 1 END) AS pending, \
     count(CASE WHEN state = 'pending' AND last_error IS NOT NULL THEN 1 END) AS failing, \
     count(CASE state WHEN 'dead' THEN 1 END) AS dead, count(CASE state WHEN 'done' THEN 1 END) AS done, \
     (SELECT min(occurred_at) FROM inbox AS waiting JOIN outbox ON outbox.id = waiting.event_id \
     WHERE waiting.handler = inbox.handler AND waiting.state = 'pending') AS oldest \
     FROM inbox GROUP BY handler ORDER BY handler";

macro_rules! selected {
    () => {
        "($1 IS NULL OR id = $1) AND ($2 IS NULL OR occurred_at >= $2) "
    };
}

const COUNT_EVENTS: &str = concat!("SELECT count(*) FROM outbox WHERE sent_at IS NOT NULL AND ", selected!());
const COUNT_DEAD: &str = concat!(
    "SELECT count(*) FROM inbox JOIN outbox ON outbox.id = event_id WHERE state = 'dead' AND ",
    selected!()
);
const NEXT: &str =
    concat!("SELECT seq FROM outbox WHERE seq > $3 AND ", selected!(), "ORDER BY seq LIMIT 1 OFFSET $4");
const SEND_AGAIN: &str = concat!(
    "UPDATE outbox SET sent_at = NULL, claim = NULL, held_until = NULL, attempts = 0 \
     WHERE seq > $3 AND ($4 IS NULL OR seq <= $4) AND sent_at IS NOT NULL AND ",
    selected!()
);
const REVIVE: &str = concat!(
    "UPDATE inbox SET state = 'pending', tries = 0, claim = NULL, held_until = $3 \
     WHERE state = 'dead' AND (event_id, handler) IN (SELECT event_id, handler FROM inbox \
     JOIN outbox ON outbox.id = event_id WHERE state = 'dead' AND ",
    selected!(),
    "ORDER BY inbox.seq LIMIT $4)"
);

#[derive(sqlx::FromRow)]
struct LoggedRow {
    #[sqlx(flatten)]
    event: StoredRow,
    sent_at: Option<Moment>,
    attempts: i64,
    last_error: Option<String>,
}

impl From<LoggedRow> for LoggedEvent {
    fn from(row: LoggedRow) -> Self {
        Self {
            event: row.event.into(),
            sent_at: row.sent_at.map(|moment| moment.0),
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
    occurred_at: Moment,
    handler: String,
    state: String,
    tries: i64,
    held_until: Moment,
    done_at: Option<Moment>,
    last_error: Option<String>,
}

impl From<Row> for HandlingRow {
    fn from(row: Row) -> Self {
        Self {
            event_id: row.event_id,
            type_name: row.r#type,
            subject: Subject(row.subject),
            at: row.occurred_at.0,
            handler: row.handler,
            state: row.state,
            tries: row.tries,
            held_until: row.held_until.0,
            done_at: row.done_at.map(|moment| moment.0),
            last_error: row.last_error,
        }
    }
}

#[derive(sqlx::FromRow)]
struct HandlerStatsRow {
    handler: String,
    pending: i64,
    failing: i64,
    dead: i64,
    done: i64,
    oldest: Option<Moment>,
}

/// What a selection asks of an event: its id, its time.
fn parts(selection: &Selection) -> (Option<Uuid>, Option<Moment>) {
    match selection {
        Selection::One(id) => (Some(*id), None),
        Selection::Since(since) => (None, Some(Moment(*since))),
        Selection::Dead => (None, None),
    }
}

#[async_trait]
impl EventLog for SqlxStore {
    async fn events(&self, filter: &EventFilter) -> Result<Vec<LoggedEvent>, StoreError> {
        let rows: Vec<LoggedRow> = on_pool!(&self.readers, |db| fetch_filtered!(EVENTS, filter, db))?;
        Ok(rows.into_iter().map(LoggedEvent::from).collect())
    }

    async fn event(&self, id: Uuid) -> Result<Option<LoggedEvent>, StoreError> {
        let row: Option<LoggedRow> =
            on_pool!(&self.readers, |db| sqlx::query_as(EVENT).bind(id).fetch_optional(db))?;
        Ok(row.map(LoggedEvent::from))
    }

    async fn handlings(&self, id: Uuid) -> Result<Vec<HandlingRow>, StoreError> {
        let rows: Vec<Row> = on_pool!(&self.readers, |db| sqlx::query_as(HANDLINGS).bind(id).fetch_all(db))?;
        Ok(rows.into_iter().map(HandlingRow::from).collect())
    }

    async fn dead(&self, filter: &EventFilter) -> Result<Vec<HandlingRow>, StoreError> {
        let rows: Vec<Row> = on_pool!(&self.readers, |db| fetch_filtered!(DEAD, filter, db))?;
        Ok(rows.into_iter().map(HandlingRow::from).collect())
    }

    async fn stats(&self) -> Result<Stats, StoreError> {
        let (unsent, failing, oldest): (i64, i64, Option<Moment>) =
            on_pool!(&self.readers, |db| sqlx::query_as(OUTBOX_STATS).fetch_one(db))?;
        let rows: Vec<HandlerStatsRow> =
            on_pool!(&self.readers, |db| sqlx::query_as(HANDLER_STATS).fetch_all(db))?;
        let handlers = rows.into_iter().map(|row| HandlerStats {
            handler: row.handler,
            pending: row.pending,
            failing: row.failing,
            dead: row.dead,
            done: row.done,
            oldest: row.oldest.map(|moment| moment.0),
        });
        let outbox = OutboxStats { unsent, failing, oldest: oldest.map(|moment| moment.0) };
        Ok(Stats { outbox, handlers: handlers.collect() })
    }

    async fn backlog(&self) -> Result<Backlog, StoreError> {
        backlog::read(self).await
    }

    async fn count(&self, selection: &Selection) -> Result<(u64, u64), StoreError> {
        let count = async |statement: &'static str| {
            let (id, since) = parts(selection);
            let count: i64 = on_pool!(&self.readers, |db| {
                sqlx::query_scalar(statement).bind(id).bind(since).fetch_one(db)
            })?;
            Ok::<_, StoreError>(u64::try_from(count).unwrap_or(0))
        };
        let events = if *selection == Selection::Dead { 0 } else { count(COUNT_EVENTS).await? };
        Ok((events, count(COUNT_DEAD).await?))
    }

    async fn send_again(
        &self,
        selection: &Selection,
        after: i64,
        limit: u32,
    ) -> Result<(u64, Option<i64>), StoreError> {
        if *selection == Selection::Dead {
            return Ok((0, None));
        }
        let (id, since) = parts(selection);
        let last: Option<i64> = on_pool!(&self.readers, |db| {
            let offset = i64::from(limit.saturating_sub(1));
            sqlx::query_scalar(NEXT).bind(id).bind(since).bind(after).bind(offset).fetch_optional(db)
        })?;
        let again = on_pool!(&self.writer, |db| {
            sqlx::query(SEND_AGAIN)
                .bind(id)
                .bind(since)
                .bind(after)
                .bind(last)
                .execute(db)
                .map_ok(|done| done.rows_affected())
        })?;
        self.signals.tell(Queue::Outbox);
        Ok((again, last))
    }

    async fn revive(&self, selection: &Selection, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let (id, since) = parts(selection);
        on_pool!(&self.writer, |db| {
            sqlx::query(REVIVE)
                .bind(id)
                .bind(since)
                .bind(Moment(now))
                .bind(i64::from(limit))
                .execute(db)
                .map_ok(|done| done.rows_affected())
        })
    }
}
