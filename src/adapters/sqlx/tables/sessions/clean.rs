use async_trait::async_trait;
use futures_util::TryFutureExt;
use uuid::Uuid;

use crate::adapters::sqlx::long_statement::long_statement;
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::domain::Timestamp;
use crate::ports::store::{CLEANED_AT_ONCE, Cleaned, SessionCleaner, StoreError};

/// Sessions are walked by id: an index on the times when they end would be updated at every refresh.
const LAST_SESSION: &str = "SELECT id FROM (SELECT id FROM sessions WHERE id > $1 ORDER BY id LIMIT 500) AS slice \
     ORDER BY id LIMIT 1 OFFSET $2";
const SESSIONS: &str = "DELETE FROM sessions WHERE id > $1 AND id <= $2 \
     AND (idle_expires_at < $3 OR absolute_expires_at < $3 OR revoked_at < $3)";

const _: () = assert!(CLEANED_AT_ONCE == 500);

#[async_trait]
impl SessionCleaner for SqlxStore {
    async fn clean(
        &self,
        ended_before: Timestamp,
        position: Option<&str>,
        limit: u32,
    ) -> Result<Cleaned, StoreError> {
        let after = position.and_then(|text| text.parse().ok()).unwrap_or_else(Uuid::nil);
        let mut last: Vec<Uuid> = long_statement!(self.worker, |db| {
            let offset = i64::from(limit.saturating_sub(1));
            sqlx::query_scalar(LAST_SESSION).bind(after).bind(offset).fetch_all(db)
        })?;
        let last = last.pop();
        let removed = long_statement!(self.worker_writer, |db| {
            sqlx::query(SESSIONS)
                .bind(after)
                .bind(last.unwrap_or_else(Uuid::max))
                .bind(SqlTimestamp(ended_before))
                .execute(db)
                .map_ok(|done| done.rows_affected())
        })?;
        Ok(Cleaned { removed, next: last.map(|id| id.to_string()) })
    }
}
