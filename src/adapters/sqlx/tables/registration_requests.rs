use async_trait::async_trait;
use const_format::concatcp;
use futures_util::TryFutureExt;
use uuid::Uuid;

use crate::adapters::sqlx::cause::{CauseRow, bind_cause};
use crate::adapters::sqlx::error::corrupt;
use crate::adapters::sqlx::long_statement::long_statement;
use crate::adapters::sqlx::oldest::oldest;
use crate::adapters::sqlx::request_queue::{RequestTable, backlog, claim_requests, is_due};
use crate::adapters::sqlx::run::{Pool, Tx, in_work, on_pool};
use crate::adapters::sqlx::statement::Statement;
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::{
    ClaimedRegistration, DisplayName, Email, Locale, Metadata, PasswordHash, RegistrationRequest, Timestamp,
};
use crate::ports::events::Lease;
use crate::ports::store::{CleanedRegistrations, RegistrationQueue, RegistrationRequests, StoreError};

const RECORD: &str = "INSERT INTO registration_requests (digest, email, email_key, password_hash, name, locale, \
     metadata, may_mail, requested_at, due_at, request_id, traceparent, tracestate) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (digest) DO UPDATE SET \
     email = excluded.email, email_key = excluded.email_key, password_hash = excluded.password_hash, \
     name = excluded.name, locale = excluded.locale, metadata = excluded.metadata, \
     may_mail = excluded.may_mail, requested_at = excluded.requested_at, due_at = excluded.due_at, \
     claim = NULL, attempts = 0, request_id = excluded.request_id, \
     traceparent = excluded.traceparent, tracestate = excluded.tracestate \
     WHERE registration_requests.due_at IS NULL OR registration_requests.requested_at <= $14";
/// Keeps the row, for the pause between two notices.
macro_rules! answer {
    ($condition:literal) => {
        concat!(
            "UPDATE registration_requests SET due_at = NULL, claim = NULL, email = NULL, email_key = NULL, \
             password_hash = NULL, name = NULL, locale = NULL, metadata = NULL, request_id = NULL, \
             traceparent = NULL, tracestate = NULL",
            $condition
        )
    };
}
const ANSWER: &str = answer!(", noticed_at = COALESCE($3, noticed_at) WHERE digest = $1 AND claim = $2");
const CLEAN: &str = concatcp!(
    oldest!("registration_requests", "digest", "requested_at < $1", "requested_at"),
    " RETURNING due_at IS NOT NULL"
);

#[derive(sqlx::FromRow)]
pub(in crate::adapters::sqlx) struct ClaimedRow {
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
    #[sqlx(flatten)]
    cause: CauseRow,
}

impl RequestTable for RegistrationRequest {
    type Row = ClaimedRow;
    type Claimed = ClaimedRegistration;

    const QUEUE: &'static str = "registrations";
    const IS_DUE: &'static str = is_due!("registration_requests");
    const CLAIM: Statement = claim_requests!(
        "registration_requests",
        "email, email_key, password_hash, name, locale, metadata, may_mail, requested_at, noticed_at, \
         request_id, traceparent, tracestate"
    );
    const GIVE_UP: &'static str = answer!(" WHERE digest = $1");
    const BACKLOG: &'static str = backlog!("registration_requests");

    fn claimed(row: ClaimedRow, claim: Uuid) -> Result<ClaimedRegistration, StoreError> {
        let wrong = |column, why: &str| corrupt("registration request", column, why);
        let metadata = Metadata::stored(&row.metadata);
        let request = RegistrationRequest {
            digest: row.digest.try_into().map_err(|_| wrong("digest", "must have 32 bytes"))?,
            email: Email::stored(row.email, row.email_key),
            password_hash: PasswordHash::new(row.password_hash),
            name: row.name.map(DisplayName::stored),
            locale: row.locale.map(Locale::stored),
            metadata: metadata.ok_or_else(|| wrong("metadata", "not a JSON object"))?,
            may_mail: row.may_mail,
            requested_at: row.requested_at.0,
        };
        let noticed_at = row.noticed_at.map(|at| at.0);
        Ok(ClaimedRegistration { request, noticed_at, cause: row.cause.into(), claim })
    }
}

#[async_trait]
impl RegistrationQueue for SqlxStore {
    async fn record(&self, request: &RegistrationRequest, due_at: Timestamp) -> Result<(), StoreError> {
        let expired = request.requested_at.minus(RegistrationRequest::LIFETIME);
        on_pool!(&self.writer, |db| {
            let statement = sqlx::query(RECORD)
                .bind(&request.digest[..])
                .bind(request.email.as_str())
                .bind(request.email.key())
                .bind(request.password_hash.expose())
                .bind(request.name.as_ref().map(DisplayName::as_str))
                .bind(request.locale.as_ref().map(Locale::as_str))
                .bind(request.metadata.as_str())
                .bind(request.may_mail)
                .bind(SqlTimestamp(request.requested_at))
                .bind(SqlTimestamp(due_at));
            bind_cause!(statement).bind(SqlTimestamp(expired)).execute(db).map_ok(drop)
        })
    }

    async fn is_due(&self, now: Timestamp) -> Result<bool, StoreError> {
        self.is_request_due::<RegistrationRequest>(now).await
    }

    async fn claim_due(&self, lease: &Lease, limit: u32) -> Result<Vec<ClaimedRegistration>, StoreError> {
        self.claim_due_requests::<RegistrationRequest>(lease, limit).await
    }

    async fn clean(&self, made_before: Timestamp, limit: u32) -> Result<CleanedRegistrations, StoreError> {
        let waited: Vec<bool> = long_statement!(self.worker_writer, |db| {
            sqlx::query_scalar(CLEAN).bind(SqlTimestamp(made_before)).bind(i64::from(limit)).fetch_all(db)
        })?;
        let expired = waited.iter().filter(|waited| **waited).count();
        Ok(CleanedRegistrations { removed: waited.len() as u64, expired: expired as u64 })
    }
}

#[async_trait]
impl RegistrationRequests for Work {
    async fn answer(
        &mut self,
        claimed: &ClaimedRegistration,
        noticed_at: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        in_work!(self, |db| {
            sqlx::query(ANSWER)
                .bind(&claimed.request.digest[..])
                .bind(claimed.claim)
                .bind(noticed_at.map(SqlTimestamp))
                .execute(db)
                .map_ok(|done| done.rows_affected() == 1)
        })
    }
}
