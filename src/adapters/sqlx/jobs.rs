use async_trait::async_trait;
use futures_util::TryFutureExt;
use uuid::Uuid;

use super::SqlxStore;
use super::moment::Moment;
use super::run::{Pool, on_pool};
use crate::domain::{SessionId, Timestamp};
use crate::ports::events::{Cleaner, Jobs, Lease};
use crate::ports::store::StoreError;

/// One statement for both the first time ever and every other.
const CLAIM: &str = "INSERT INTO jobs (name, due_at, claim) VALUES ($1, $2, $3) \
     ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at, claim = excluded.claim WHERE jobs.due_at <= $4";
const DONE: &str = "UPDATE jobs SET due_at = $3, claim = NULL WHERE name = $1 AND claim = $2";

/// Never the newest: those who follow the outbox see by it that theirs is the place they left. And none that no handler has
/// had: what a broker took may still lie there.
const CLEAN_EVENTS: &str = "DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox AS old WHERE sent_at < $1 \
     AND seq < (SELECT max(seq) FROM outbox) AND EXISTS (SELECT 1 FROM inbox \
     WHERE event_id = old.id) AND NOT EXISTS (SELECT 1 FROM inbox WHERE event_id = old.id AND state <> 'done') ORDER BY sent_at LIMIT $2)";
const CLEAN_AUDIT: &str = "DELETE FROM audit WHERE event_id IN (SELECT event_id FROM audit \
     WHERE occurred_at < $1 ORDER BY occurred_at LIMIT $2)";
const CLEAN_MAIL_TOKENS: &str = "DELETE FROM mail_tokens WHERE digest IN (SELECT digest FROM mail_tokens \
     WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
const CLEAN_MAIL_THROTTLE: &str = "DELETE FROM mail_throttle WHERE address_digest IN (SELECT address_digest \
     FROM mail_throttle WHERE asked_at < $1 ORDER BY asked_at LIMIT $2)";
const CLEAN_BANS: &str =
    "DELETE FROM bans WHERE id IN (SELECT id FROM bans WHERE ends_at < $1 ORDER BY ends_at LIMIT $2)";
const CLEAN_MAIL_REQUESTS: &str = "DELETE FROM mail_requests WHERE digest IN (SELECT digest \
     FROM mail_requests WHERE requested_at < $1 AND due_at IS NULL ORDER BY requested_at LIMIT $2) \
     AND requested_at < $1 AND due_at IS NULL";
/// Sessions are walked by their ids: an index on their ends would have to be kept at every refresh.
const NEXT_SESSION: &str = "SELECT id FROM sessions WHERE id > $1 ORDER BY id LIMIT 1 OFFSET $2";
const CLEAN_SESSIONS: &str = "DELETE FROM sessions WHERE id > $1 AND ($2 IS NULL OR id <= $2) \
     AND (idle_expires_at < $3 OR absolute_expires_at < $3 OR revoked_at < $3)";

#[async_trait]
impl Jobs for SqlxStore {
    async fn claim_job(&self, name: &str, lease: &Lease) -> Result<bool, StoreError> {
        let claimed = on_pool!(&self.worker_writer, |db| {
            sqlx::query(CLAIM)
                .bind(name)
                .bind(Moment(lease.until))
                .bind(lease.claim)
                .bind(Moment(lease.now))
                .execute(db)
                .map_ok(|done| done.rows_affected())
        })?;
        Ok(claimed == 1)
    }

    async fn job_done(&self, name: &str, claim: Uuid, due_at: Timestamp) -> Result<(), StoreError> {
        on_pool!(&self.worker_writer, |db| {
            sqlx::query(DONE).bind(name).bind(claim).bind(Moment(due_at)).execute(db).map_ok(drop)
        })
    }
}

#[async_trait]
impl Cleaner for SqlxStore {
    async fn clean_events(&self, sent_before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.clean(CLEAN_EVENTS, sent_before, limit).await
    }

    async fn clean_audit(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.clean(CLEAN_AUDIT, before, limit).await
    }

    async fn clean_mail_tokens(&self, over_before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.clean(CLEAN_MAIL_TOKENS, over_before, limit).await
    }

    async fn clean_mail_throttle(&self, asked_before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.clean(CLEAN_MAIL_THROTTLE, asked_before, limit).await
    }

    async fn clean_bans(&self, ended_before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.clean(CLEAN_BANS, ended_before, limit).await
    }

    async fn clean_mail_requests(&self, made_before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.clean(CLEAN_MAIL_REQUESTS, made_before, limit).await
    }

    async fn clean_sessions(
        &self,
        over_before: Timestamp,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<(u64, Option<SessionId>), StoreError> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let last: Option<Uuid> = on_pool!(&self.worker, |db| {
            let offset = i64::from(limit.saturating_sub(1));
            sqlx::query_scalar(NEXT_SESSION).bind(after).bind(offset).fetch_optional(db)
        })?;
        let cleaned = on_pool!(&self.worker_writer, |db| {
            sqlx::query(CLEAN_SESSIONS)
                .bind(after)
                .bind(last)
                .bind(Moment(over_before))
                .execute(db)
                .map_ok(|done| done.rows_affected())
        })?;
        Ok((cleaned, last.map(SessionId)))
    }
}

impl SqlxStore {
    async fn clean(&self, statement: &'static str, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        on_pool!(&self.worker_writer, |db| {
            sqlx::query(statement)
                .bind(Moment(before))
                .bind(i64::from(limit))
                .execute(db)
                .map_ok(|done| done.rows_affected())
        })
    }
}
