use async_trait::async_trait;
use uuid::Uuid;

use crate::adapters::sqlx::long_statement::long_statement;
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::domain::{SessionId, Timestamp, UserId};
use crate::ports::events::{History, PastEvent};
use crate::ports::store::StoreError;

/// The events of a user in a table, by its index on the subject. An event that was recorded for the audit is
/// in both tables until the clean-up removes it from the outbox; `UNION` gives it once.
macro_rules! past {
    ($table:literal, $id:literal) => {
        concat!(
            "SELECT ",
            $id,
            " AS id, occurred_at, actor, type, data ->> 'operator' AS operator, data ->> 'reason' AS reason FROM ",
            $table,
            " WHERE subject = $1 AND occurred_at >= $2 \
             AND (data ->> 'session_id' IS NULL OR data ->> 'session_id' = $3)"
        )
    };
}

const OF_USER: &str = concat!(
    past!("outbox", "id"),
    " UNION ",
    past!("audit", "event_id"),
    " ORDER BY occurred_at, id LIMIT $4"
);

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    occurred_at: SqlTimestamp,
    actor: String,
    r#type: String,
    operator: Option<String>,
    reason: Option<String>,
}

#[async_trait]
impl History for SqlxStore {
    async fn of_user(
        &self,
        user: UserId,
        session: SessionId,
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<PastEvent>, StoreError> {
        let rows: Vec<Row> = long_statement!(self.readers, |db| {
            sqlx::query_as(OF_USER)
                .bind(user.0)
                .bind(SqlTimestamp(since))
                .bind(session.to_string())
                .bind(i64::from(limit))
                .fetch_all(db)
        })?;
        let event = |row: Row| PastEvent {
            id: row.id,
            at: row.occurred_at.0,
            actor: row.actor,
            operator: row.operator,
            type_name: row.r#type,
            reason: row.reason,
        };
        Ok(rows.into_iter().map(event).collect())
    }
}
