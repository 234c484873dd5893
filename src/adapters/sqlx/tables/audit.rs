use async_trait::async_trait;
use futures_util::TryFutureExt;
use uuid::Uuid;

use crate::adapters::sqlx::events::filtered::{Filtered, by_filter, filtered};
use crate::adapters::sqlx::ids::{list, of_ids};
use crate::adapters::sqlx::long_statement::long_statement;
use crate::adapters::sqlx::oldest::oldest;
use crate::adapters::sqlx::run::{Tx, in_work};
use crate::adapters::sqlx::statement::Statement;
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::Subject;
use crate::ports::events::{Audit, AuditLog, AuditRow, EventFilter};
use crate::ports::store::{Kept, StoreError};

const RECORD: Statement = of_ids!(
    "INSERT INTO audit (event_id, occurred_at, actor, type, subject, data) \
     SELECT id, occurred_at, actor, type, subject, data FROM outbox WHERE ",
    "id",
    " ON CONFLICT (event_id) DO NOTHING",
);
const LIST: Filtered = by_filter!(
    "SELECT event_id, occurred_at, actor, type, subject, CAST(data AS text) AS data FROM audit WHERE ",
    "subject",
    "AND occurred_at >= $3 ORDER BY occurred_at DESC, event_id DESC LIMIT $4",
);
const CLEAN: Statement = Statement {
    postgres: oldest!(
        "audit",
        "event_id",
        "occurred_at < $1 AND (event_id < $3 OR event_id >= $4)",
        "occurred_at, event_id"
    ),
    sqlite: oldest!("audit", "event_id", "occurred_at < $1 AND $3 <= $4", "occurred_at, event_id"),
};

#[derive(sqlx::FromRow)]
struct Row {
    event_id: Uuid,
    occurred_at: SqlTimestamp,
    actor: String,
    r#type: String,
    subject: Uuid,
    data: String,
}

#[async_trait]
impl Audit for Work {
    async fn record(&mut self, events: &[Uuid]) -> Result<(), StoreError> {
        let statement = RECORD.on(&self.tx);
        in_work!(self, |db| sqlx::query(statement).bind(list(events)).execute(db).map_ok(drop))
    }
}

#[async_trait]
impl AuditLog for SqlxStore {
    async fn list(&self, filter: &EventFilter) -> Result<Vec<AuditRow>, StoreError> {
        let rows: Vec<Row> = long_statement!(self.readers, |db| filtered!(LIST, filter).fetch_all(db))?;
        let row = |row: Row| AuditRow {
            event_id: row.event_id,
            at: row.occurred_at.0,
            actor: row.actor,
            type_name: row.r#type,
            subject: Subject(row.subject),
            data: row.data,
        };
        Ok(rows.into_iter().map(row).collect())
    }

    async fn clean(&self, kept: Kept, limit: u32) -> Result<u64, StoreError> {
        let (statement, alone) = (CLEAN.on_pool(&self.worker_writer), self.removed_alone(kept));
        long_statement!(self.worker_writer, |db| {
            sqlx::query(statement)
                .bind(SqlTimestamp(kept.since()))
                .bind(i64::from(limit))
                .bind(alone.before)
                .bind(alone.from)
                .execute(db)
                .map_ok(|done| done.rows_affected())
        })
    }
}
