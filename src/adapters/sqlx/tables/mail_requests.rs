use async_trait::async_trait;
use futures_util::TryFutureExt;
use uuid::Uuid;

use crate::adapters::sqlx::cause::{CauseRow, bind_cause};
use crate::adapters::sqlx::error::corrupt;
use crate::adapters::sqlx::oldest::oldest;
use crate::adapters::sqlx::request_queue::{RequestTable, backlog, claim_requests, is_due};
use crate::adapters::sqlx::run::{Pool, Tx, in_work, on_pool};
use crate::adapters::sqlx::statement::Statement;
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::{ClaimedMailRequest, Email, Locale, MailRequest, Timestamp};
use crate::ports::events::Lease;
use crate::ports::store::{MailRequestQueue, MailRequests, StoreError};

const RECORD: &str = "INSERT INTO mail_requests (digest, kind, email, email_key, requested_at, due_at, \
     request_id, traceparent, tracestate, language) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
     ON CONFLICT (digest) DO UPDATE SET \
     email = excluded.email, email_key = excluded.email_key, requested_at = excluded.requested_at, \
     due_at = excluded.due_at, claim = NULL, attempts = 0, request_id = excluded.request_id, \
     traceparent = excluded.traceparent, tracestate = excluded.tracestate, language = excluded.language \
     WHERE mail_requests.requested_at <= $11";
/// Keeps the row, for the pause between two mails.
macro_rules! answer {
    ($condition:literal) => {
        concat!(
            "UPDATE mail_requests SET due_at = NULL, claim = NULL, email = NULL, email_key = NULL, \
             request_id = NULL, traceparent = NULL, tracestate = NULL, language = NULL WHERE digest = $1",
            $condition
        )
    };
}
const ANSWER: &str = answer!(" AND claim = $2");
const CLEAN: &str =
    oldest!("mail_requests", "digest", "requested_at < $1 AND due_at IS NULL", "requested_at");

#[derive(sqlx::FromRow)]
pub(in crate::adapters::sqlx) struct ClaimedRow {
    digest: Vec<u8>,
    kind: String,
    email: String,
    email_key: String,
    #[sqlx(flatten)]
    cause: CauseRow,
    language: Option<String>,
}

impl RequestTable for MailRequest {
    type Row = ClaimedRow;
    type Claimed = ClaimedMailRequest;

    const QUEUE: &'static str = "mail_requests";
    const IS_DUE: &'static str = is_due!("mail_requests");
    const CLAIM: Statement = claim_requests!(
        "mail_requests",
        "kind, email, email_key, request_id, traceparent, tracestate, language"
    );
    const GIVE_UP: &'static str = answer!("");
    const BACKLOG: &'static str = backlog!("mail_requests");

    fn claimed(row: ClaimedRow, claim: Uuid) -> Result<ClaimedMailRequest, StoreError> {
        let request = "mail request";
        Ok(ClaimedMailRequest {
            digest: row.digest.try_into().map_err(|_| corrupt(request, "digest", "must have 32 bytes"))?,
            kind: row.kind.parse().map_err(|why| corrupt(request, "kind", why))?,
            email: Email::stored(row.email, row.email_key),
            language: row.language.map(Locale::stored),
            cause: row.cause.into(),
            claim,
        })
    }
}

#[async_trait]
impl MailRequestQueue for SqlxStore {
    async fn record(&self, request: &MailRequest) -> Result<(), StoreError> {
        let since = request.requested_at.minus(request.kind.pause());
        on_pool!(&self.writer, |db| {
            let statement = sqlx::query(RECORD)
                .bind(&request.digest[..])
                .bind(request.kind.as_str())
                .bind(request.email.as_str())
                .bind(request.email.key())
                .bind(SqlTimestamp(request.requested_at))
                .bind(SqlTimestamp(request.due_at));
            bind_cause!(statement)
                .bind(request.language.as_ref().map(Locale::as_str))
                .bind(SqlTimestamp(since))
                .execute(db)
                .map_ok(drop)
        })
    }

    async fn is_due(&self, now: Timestamp) -> Result<bool, StoreError> {
        self.is_request_due::<MailRequest>(now).await
    }

    async fn claim_due(&self, lease: &Lease, limit: u32) -> Result<Vec<ClaimedMailRequest>, StoreError> {
        self.claim_due_requests::<MailRequest>(lease, limit).await
    }

    async fn clean(&self, made_before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.remove_oldest(CLEAN, made_before, limit).await
    }
}

#[async_trait]
impl MailRequests for Work {
    async fn answer(&mut self, request: &ClaimedMailRequest) -> Result<bool, StoreError> {
        in_work!(self, |db| {
            sqlx::query(ANSWER)
                .bind(&request.digest[..])
                .bind(request.claim)
                .execute(db)
                .map_ok(|done| done.rows_affected() == 1)
        })
    }
}
