use async_trait::async_trait;
use futures_util::TryFutureExt;
use uuid::Uuid;

use crate::adapters::sqlx::error::corrupt;
use crate::adapters::sqlx::events::claim::claiming;
use crate::adapters::sqlx::oldest::oldest;
use crate::adapters::sqlx::run::{Pool, Tx, in_work, on_pool};
use crate::adapters::sqlx::statement::Statement;
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::{
    Cause, ClaimedRegistration, DisplayName, Email, Locale, Metadata, PasswordHash, RegistrationRequest,
    Timestamp, TraceState,
};
use crate::ports::events::Lease;
use crate::ports::store::{RegistrationQueue, RegistrationRequests, StoreError, UnitOfWork};
use crate::telemetry::trace;

const RECORD: &str = "INSERT INTO registration_requests (digest, email, email_key, password_hash, name, locale, \
     metadata, may_mail, requested_at, due_at, request_id, traceparent, tracestate) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (digest) DO UPDATE SET \
     email = excluded.email, email_key = excluded.email_key, password_hash = excluded.password_hash, \
     name = excluded.name, locale = excluded.locale, metadata = excluded.metadata, \
     may_mail = excluded.may_mail, requested_at = excluded.requested_at, due_at = excluded.due_at, \
     claim = NULL, request_id = excluded.request_id, traceparent = excluded.traceparent, \
     tracestate = excluded.tracestate \
     WHERE registration_requests.due_at IS NULL OR registration_requests.requested_at <= $14";
const IS_DUE: &str = "SELECT count(*) > 0 FROM (SELECT 1 FROM registration_requests WHERE due_at <= $1 ORDER BY due_at LIMIT 1) AS due";
const CLAIM: Statement = claiming!(
    "SELECT digest FROM registration_requests WHERE due_at <= $3 ORDER BY due_at LIMIT $4",
    "UPDATE registration_requests SET claim = $1, due_at = $2 WHERE digest IN (SELECT digest FROM due) \
     RETURNING digest, email, email_key, password_hash, name, locale, metadata, may_mail, requested_at, \
     noticed_at, request_id, traceparent, tracestate",
);
const ANSWER: &str = "UPDATE registration_requests SET due_at = NULL, claim = NULL, email = NULL, email_key = NULL, \
     password_hash = NULL, name = NULL, locale = NULL, metadata = NULL, request_id = NULL, \
     traceparent = NULL, tracestate = NULL, noticed_at = COALESCE($3, noticed_at) \
     WHERE digest = $1 AND claim = $2";
const CLEAN: &str = oldest!("registration_requests", "digest", "requested_at < $1", "requested_at");

#[derive(sqlx::FromRow)]
struct ClaimedRow {
    digest: Vec<u8>,
    email: String,
    email_key: String,
    password_hash: String,
    name: Option<String>,
    locale: Option<String>,
    metadata: String,
    may_mail: bool,
    requested_at: SqlTimestamp,
    noticed_at: Option<SqlTimestamp>,
    request_id: Option<String>,
    traceparent: Option<String>,
    tracestate: Option<String>,
}

impl ClaimedRow {
    fn claimed(self, claim: Uuid) -> Result<ClaimedRegistration, StoreError> {
        let wrong = |column, why: &str| corrupt("registration request", column, why);
        let (id, trace, state) = (self.request_id, self.traceparent, self.tracestate);
        let metadata = Metadata::stored(&self.metadata);
        let request = RegistrationRequest {
            digest: self.digest.try_into().map_err(|_| wrong("digest", "must have 32 bytes"))?,
            email: Email::stored(self.email, self.email_key),
            password_hash: PasswordHash::new(self.password_hash),
            name: self.name.map(DisplayName::stored),
            locale: self.locale.map(Locale::stored),
            metadata: metadata.ok_or_else(|| wrong("metadata", "not a JSON object"))?,
            may_mail: self.may_mail,
            requested_at: self.requested_at.0,
        };
        let noticed_at = self.noticed_at.map(|at| at.0);
        let cause = Cause::stored(id.as_deref(), trace.as_deref(), state.as_deref());
        Ok(ClaimedRegistration { request, noticed_at, cause, claim })
    }
}

#[async_trait]
impl RegistrationQueue for SqlxStore {
    async fn record(&self, request: &RegistrationRequest, due_at: Timestamp) -> Result<(), StoreError> {
        let expired = request.requested_at.minus(RegistrationRequest::LIFETIME);
        let cause = trace::current();
        on_pool!(&self.writer, |db| {
            sqlx::query(RECORD)
                .bind(&request.digest[..])
                .bind(request.email.as_str())
                .bind(request.email.key())
                .bind(request.password_hash.expose())
                .bind(request.name.as_ref().map(DisplayName::as_str))
                .bind(request.locale.as_ref().map(Locale::as_str))
                .bind(request.metadata.as_str())
                .bind(request.may_mail)
                .bind(SqlTimestamp(request.requested_at))
                .bind(SqlTimestamp(due_at))
                .bind(cause.request.map(|request| request.to_string()))
                .bind(cause.trace.map(|parent| parent.to_string()))
                .bind(cause.state.as_ref().map(TraceState::as_str))
                .bind(SqlTimestamp(expired))
                .execute(db)
                .map_ok(drop)
        })
    }

    async fn is_due(&self, now: Timestamp) -> Result<bool, StoreError> {
        on_pool!(&self.worker, |db| sqlx::query_scalar(IS_DUE).bind(SqlTimestamp(now)).fetch_one(db))
    }

    async fn claim_due(&self, lease: &Lease, limit: u32) -> Result<Vec<ClaimedRegistration>, StoreError> {
        let mut work = self.begin_worker().await?;
        let claim = CLAIM.on(&work.tx);
        let rows: Vec<ClaimedRow> = in_work!(work, |db| {
            sqlx::query_as(claim)
                .bind(lease.claim)
                .bind(SqlTimestamp(lease.until))
                .bind(SqlTimestamp(lease.now))
                .bind(i64::from(limit))
                .fetch_all(db)
        })?;
        Box::new(work).commit().await?;
        rows.into_iter().map(|row| row.claimed(lease.claim)).collect()
    }

    async fn clean(&self, made_before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.remove_oldest(CLEAN, made_before, limit).await
    }
}

#[async_trait]
impl RegistrationRequests for Work {
    async fn answer(
        &mut self,
        claimed: &ClaimedRegistration,
        noticed_at: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let answered = in_work!(self, |db| {
            sqlx::query(ANSWER)
                .bind(&claimed.request.digest[..])
                .bind(claimed.claim)
                .bind(noticed_at.map(SqlTimestamp))
                .execute(db)
                .map_ok(|done| done.rows_affected())
        })?;
        Ok(answered == 1)
    }
}
