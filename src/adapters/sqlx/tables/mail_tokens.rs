use async_trait::async_trait;
use const_format::concatcp;
use futures_util::TryFutureExt;
use uuid::Uuid;

use crate::adapters::sqlx::error::corrupt;
use crate::adapters::sqlx::oldest::oldest;
use crate::adapters::sqlx::run::{Pool, Tx, in_work, on_pool};
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::{Email, MailPurpose, MailToken, MailTokenDigest, Timestamp, UserId};
use crate::ports::store::{MailThrottle, MailThrottleCleaner, MailTokenReader, MailTokenRecords, StoreError};

const COLUMNS: &str = "user_id, purpose, digest, email, email_key, created_at, expires_at";

const FIND: &str = concatcp!("SELECT ", COLUMNS, " FROM mail_tokens WHERE digest = $1");
const OF_USER: &str = concatcp!("SELECT ", COLUMNS, " FROM mail_tokens WHERE user_id = $1 ORDER BY purpose");
const PUT: &str = concatcp!(
    "INSERT INTO mail_tokens (",
    COLUMNS,
    ") VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (user_id, purpose) DO UPDATE SET \
     digest = excluded.digest, email = excluded.email, email_key = excluded.email_key, \
     created_at = excluded.created_at, expires_at = excluded.expires_at"
);
const TAKE: &str = "DELETE FROM mail_tokens WHERE digest = $1 AND expires_at > $2";
const REMOVE_ALL_OF: &str = "DELETE FROM mail_tokens WHERE user_id = $1 AND purpose <> $2";
const PASS: &str = "INSERT INTO mail_throttle (address_digest, asked_at) VALUES ($1, $2) \
     ON CONFLICT (address_digest) DO UPDATE SET asked_at = excluded.asked_at \
     WHERE mail_throttle.asked_at <= $3";
const CLEAN: &str = oldest!("mail_tokens", "digest", "expires_at < $1", "expires_at");
const CLEAN_THROTTLE: &str = oldest!("mail_throttle", "address_digest", "asked_at < $1", "asked_at");

#[derive(sqlx::FromRow)]
struct MailTokenRow {
    user_id: Uuid,
    purpose: String,
    digest: Vec<u8>,
    email: String,
    email_key: String,
    created_at: SqlTimestamp,
    expires_at: SqlTimestamp,
}

impl TryFrom<MailTokenRow> for MailToken {
    type Error = StoreError;

    fn try_from(row: MailTokenRow) -> Result<Self, StoreError> {
        let token = format!("mail token of user {}", row.user_id);
        let digest = row.digest.try_into().map_err(|_| corrupt(&token, "digest", "must have 32 bytes"))?;
        Ok(Self {
            digest: MailTokenDigest(digest),
            user_id: UserId(row.user_id),
            purpose: row.purpose.parse().map_err(|why| corrupt(&token, "purpose", why))?,
            email: Email::stored(row.email, row.email_key),
            created_at: row.created_at.0,
            expires_at: row.expires_at.0,
        })
    }
}

#[async_trait]
impl MailTokenReader for SqlxStore {
    async fn find(&self, digest: MailTokenDigest) -> Result<Option<MailToken>, StoreError> {
        let row: Option<MailTokenRow> =
            on_pool!(&self.readers, |db| sqlx::query_as(FIND).bind(&digest.0[..]).fetch_optional(db))?;
        row.map(MailToken::try_from).transpose()
    }

    async fn of_user(&self, user: UserId) -> Result<Vec<MailToken>, StoreError> {
        let rows: Vec<MailTokenRow> =
            on_pool!(&self.readers, |db| sqlx::query_as(OF_USER).bind(user.0).fetch_all(db))?;
        rows.into_iter().map(MailToken::try_from).collect()
    }

    async fn clean(&self, expired_before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.remove_oldest(CLEAN, expired_before, limit).await
    }
}

#[async_trait]
impl MailThrottleCleaner for SqlxStore {
    async fn clean(&self, asked_before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.remove_oldest(CLEAN_THROTTLE, asked_before, limit).await
    }
}

#[async_trait]
impl MailTokenRecords for Work {
    async fn put(&mut self, token: &MailToken) -> Result<(), StoreError> {
        in_work!(self, |db| {
            sqlx::query(PUT)
                .bind(token.user_id.0)
                .bind(token.purpose.as_str())
                .bind(&token.digest.0[..])
                .bind(token.email.as_str())
                .bind(token.email.key())
                .bind(SqlTimestamp(token.created_at))
                .bind(SqlTimestamp(token.expires_at))
                .execute(db)
                .map_ok(drop)
        })
    }

    async fn take(&mut self, digest: MailTokenDigest, now: Timestamp) -> Result<bool, StoreError> {
        in_work!(self, |db| {
            let take = sqlx::query(TAKE).bind(&digest.0[..]).bind(SqlTimestamp(now));
            take.execute(db).map_ok(|done| done.rows_affected() == 1)
        })
    }

    async fn remove_all_of(&mut self, user: UserId, except: Option<MailPurpose>) -> Result<(), StoreError> {
        in_work!(self, |db| {
            sqlx::query(REMOVE_ALL_OF)
                .bind(user.0)
                // No purpose is the empty string.
                .bind(except.map_or("", MailPurpose::as_str))
                .execute(db)
                .map_ok(drop)
        })
    }
}

#[async_trait]
impl MailThrottle for Work {
    async fn pass(
        &mut self,
        address: [u8; 32],
        now: Timestamp,
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        in_work!(self, |db| {
            sqlx::query(PASS)
                .bind(&address[..])
                .bind(SqlTimestamp(now))
                .bind(SqlTimestamp(since))
                .execute(db)
                .map_ok(|done| done.rows_affected() == 1)
        })
    }
}
