use async_trait::async_trait;
use futures_util::TryFutureExt;
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use crate::adapters::events::data;
use crate::adapters::sqlx::run::{Pool, Tx, in_work, on_pool};
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::{Actor, Event, Subject};
use crate::ports::store::{Cleaned, FeedEntry, Kept, Outbox, OutboxReader, StoreError};

const APPEND: &str = "INSERT INTO outbox (id, type, subject, actor, data, occurred_at, request_id, traceparent, \
     tracestate) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

/// Binds the columns of an event and the cause of the current task to a statement, as its next nine
/// parameters.
macro_rules! bind_event {
    ($statement:expr, $event:expr) => {{
        let statement = $statement
            .bind($event.id)
            .bind($event.kind.event_type().name())
            .bind($event.subject.0)
            .bind($crate::adapters::sqlx::tables::outbox::actor($event))
            .bind(sqlx::types::Json($crate::adapters::events::data::data_of($event)))
            .bind(SqlTimestamp($event.at));
        $crate::adapters::sqlx::cause::bind_cause!(statement)
    }};
}
pub(in crate::adapters::sqlx) use bind_event;

const CHANGES: &str =
    "SELECT seq, type, subject, data FROM outbox WHERE seq BETWEEN $1 AND $2 ORDER BY seq LIMIT $3";
const LATEST: &str = "SELECT seq FROM outbox ORDER BY seq DESC LIMIT $1";

#[derive(sqlx::FromRow)]
struct ChangeRow {
    seq: i64,
    #[sqlx(rename = "type")]
    type_name: String,
    subject: Uuid,
    data: Json<Value>,
}

#[async_trait]
impl OutboxReader for SqlxStore {
    async fn changes(&self, from: i64, to: i64, limit: u32) -> Result<Vec<FeedEntry>, StoreError> {
        let rows: Vec<ChangeRow> = on_pool!(&self.change_feed, |db| {
            sqlx::query_as(CHANGES).bind(from).bind(to).bind(i64::from(limit)).fetch_all(db)
        })?;
        let change = |row: ChangeRow| FeedEntry {
            seq: row.seq,
            invalidation: data::invalidation(&row.type_name, Subject(row.subject), &row.data),
        };
        Ok(rows.into_iter().map(change).collect())
    }

    async fn latest(&self, limit: u32) -> Result<Vec<i64>, StoreError> {
        on_pool!(&self.change_feed, |db| sqlx::query_scalar(LATEST).bind(i64::from(limit)).fetch_all(db))
    }

    async fn clean(&self, kept: Kept, position: Option<&str>, limit: u32) -> Result<Cleaned, StoreError> {
        self.clean_events(kept, position, limit).await
    }
}

/// Returns the actor of an event as the table stores it.
pub(in crate::adapters::sqlx) fn actor(event: &Event) -> String {
    match event.actor {
        Actor::User(id) => id.to_string(),
        Actor::Operator(_) => "operator".to_owned(),
        Actor::Service => "service".to_owned(),
    }
}

#[async_trait]
impl Outbox for Work {
    async fn append(&mut self, event: &Event) -> Result<(), StoreError> {
        self.has_events = true;
        in_work!(self, |db| bind_event!(sqlx::query(APPEND), event).execute(db).map_ok(drop))
    }
}
