use async_trait::async_trait;
use futures_util::TryFutureExt;
use uuid::Uuid;

use crate::adapters::sqlx::run::{Pool, on_pool};
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::domain::Timestamp;
use crate::ports::events::{ClaimedJob, Jobs, Lease};
use crate::ports::store::StoreError;

/// One statement for both the first time ever and every other.
const CLAIM: &str = "INSERT INTO jobs (name, due_at, claim) VALUES ($1, $2, $3) \
     ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at, claim = excluded.claim WHERE jobs.due_at <= $4 \
     RETURNING position";
const DONE: &str = "UPDATE jobs SET due_at = $3, claim = NULL, position = $4 WHERE name = $1 AND claim = $2";

#[async_trait]
impl Jobs for SqlxStore {
    async fn claim_job(&self, name: &str, lease: &Lease) -> Result<Option<ClaimedJob>, StoreError> {
        let mut claimed: Vec<Option<String>> = on_pool!(&self.worker_writer, |db| {
            sqlx::query_scalar(CLAIM)
                .bind(name)
                .bind(SqlTimestamp(lease.until))
                .bind(lease.claim)
                .bind(SqlTimestamp(lease.now))
                .fetch_all(db)
        })?;
        Ok(claimed.pop().map(|position| ClaimedJob { position }))
    }

    async fn job_done(
        &self,
        name: &str,
        claim: Uuid,
        due_at: Timestamp,
        position: Option<&str>,
    ) -> Result<(), StoreError> {
        on_pool!(&self.worker_writer, |db| {
            sqlx::query(DONE)
                .bind(name)
                .bind(claim)
                .bind(SqlTimestamp(due_at))
                .bind(position)
                .execute(db)
                .map_ok(drop)
        })
    }
}
