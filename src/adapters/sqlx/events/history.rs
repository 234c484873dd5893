use async_trait::async_trait;
use const_format::concatcp;
use uuid::Uuid;

use crate::adapters::sqlx::long_statement::long_statement;
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::domain::{SessionId, Subject, Timestamp, UserId};
use crate::ports::events::{History, PastEvent};
use crate::ports::store::StoreError;

/// The events of a subject in a table, by its index on the subject. An event that was recorded for the audit
/// is in both tables until the clean-up removes it from the outbox; `UNION` gives it once.
macro_rules! past {
    ($table:literal, $id:literal, $where:literal) => {
        concatcp!(
            "SELECT ",
            $id,
            " AS id, occurred_at, actor, type, data ->> 'operator' AS operator, data ->> 'reason' AS reason, \
             coalesce(data ->> 'ban_id', data ->> 'key_id') AS object, data ->> 'ends_at' AS ends_at, \
             CAST(data ->> 'compromised' AS text) AS compromised FROM ",
            $table,
            " WHERE subject = $1 AND ",
            $where
        )
    };
    ($where:literal) => {
        concatcp!(past!("outbox", "id", $where), " UNION ", past!("audit", "event_id", $where))
    };
}

const OF_USER: &str = concatcp!(
    past!("occurred_at >= $2 AND (data ->> 'session_id' IS NULL OR data ->> 'session_id' = $3)"),
    " ORDER BY occurred_at, id LIMIT $4"
);

const OF_OBJECT: &str = concatcp!(
    past!("coalesce(data ->> 'ban_id', data ->> 'key_id') = $2"),
    " ORDER BY occurred_at DESC, id DESC LIMIT $3"
);

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    occurred_at: SqlTimestamp,
    actor: String,
    r#type: String,
    operator: Option<String>,
    reason: Option<String>,
    object: Option<String>,
    ends_at: Option<String>,
    compromised: Option<String>,
}

impl From<Row> for PastEvent {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            at: row.occurred_at.0,
            actor: row.actor,
            operator: row.operator,
            type_name: row.r#type,
            reason: row.reason,
            object: row.object,
            ends_at: row.ends_at,
            // SQLite has numbers for the words of JSON.
            is_compromised: row.compromised.is_some_and(|word| word == "true" || word == "1"),
        }
    }
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
        Ok(rows.into_iter().map(PastEvent::from).collect())
    }

    async fn of_object(
        &self,
        subject: Subject,
        object: &str,
        limit: u32,
    ) -> Result<Vec<PastEvent>, StoreError> {
        let rows: Vec<Row> = long_statement!(self.readers, |db| {
            sqlx::query_as(OF_OBJECT).bind(subject.0).bind(object).bind(i64::from(limit)).fetch_all(db)
        })?;
        Ok(rows.into_iter().rev().map(PastEvent::from).collect())
    }
}
