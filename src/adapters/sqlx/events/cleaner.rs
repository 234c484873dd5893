//! Clean-up of rows that are no longer needed, one slice per statement.
//!
//! An index finds each slice, and a constant inner limit bounds its size: PostgreSQL estimates a limit that
//! is a parameter at a tenth of all rows, and would scan the table for that.

use async_trait::async_trait;
use futures_util::TryFutureExt;
use uuid::Uuid;

use crate::adapters::sqlx::SqlxStore;
use crate::adapters::sqlx::long_statement::long_statement;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::domain::Timestamp;
use crate::ports::events::{CLEANED_AT_ONCE, Cleaned, Cleaner};
use crate::ports::store::StoreError;

/// Deletes rows of `$table` for which `$over` holds, in the order of `$order`. `$key` is the primary key.
macro_rules! oldest {
    ($table:literal, $key:literal, $over:literal, $order:literal) => {
        concat!(
            "DELETE FROM ",
            $table,
            " WHERE ",
            $over,
            " AND ",
            $key,
            " IN (SELECT ",
            $key,
            " FROM (SELECT ",
            $key,
            " FROM ",
            $table,
            " WHERE ",
            $over,
            " ORDER BY ",
            $order,
            " LIMIT 500) AS slice LIMIT $2)"
        )
    };
}

const AUDIT: &str = oldest!("audit", "event_id", "occurred_at < $1", "occurred_at, event_id");
const MAIL_TOKENS: &str = oldest!("mail_tokens", "digest", "expires_at < $1", "expires_at");
const MAIL_THROTTLE: &str = oldest!("mail_throttle", "address_digest", "asked_at < $1", "asked_at");
const BANS: &str = oldest!("bans", "id", "ends_at < $1", "ends_at");
const MAIL_REQUESTS: &str =
    oldest!("mail_requests", "digest", "requested_at < $1 AND due_at IS NULL", "requested_at");

/// The events that were relayed after the position (`$1`, `$2`) and before `$3`, in the order of an index.
macro_rules! sent {
    () => {
        "FROM outbox WHERE relayed_at IS NOT NULL AND relayed_at < $3 AND (relayed_at, seq) > ($1, $2)"
    };
}
const LAST_SENT: &str = concat!(
    "SELECT relayed_at, seq FROM (SELECT relayed_at, seq ",
    sent!(),
    " ORDER BY relayed_at, seq LIMIT 500) AS slice ORDER BY relayed_at, seq LIMIT 1 OFFSET $4"
);
/// Keeps the newest event: by it, the change feed sees that it continues where it stopped. Keeps an event
/// until every handler is done with it, and an event without inbox entries, which may still be at the broker.
/// An aggregate per event is not turned into a join, for which the inbox might be scanned.
const EVENTS: &str = concat!(
    "DELETE FROM outbox WHERE seq IN (SELECT seq FROM (SELECT seq, id ",
    sent!(),
    " AND (relayed_at, seq) <= ($4, $5) ORDER BY relayed_at, seq LIMIT 500) AS slice \
     WHERE seq < (SELECT max(seq) FROM outbox) \
     AND (SELECT min(CASE state WHEN 'done' THEN 1 ELSE 0 END) FROM inbox WHERE event_id = slice.id) = 1)"
);

/// Sessions are walked by id: an index on the times when they end would be updated at every refresh.
const LAST_SESSION: &str = "SELECT id FROM (SELECT id FROM sessions WHERE id > $1 ORDER BY id LIMIT 500) AS slice \
     ORDER BY id LIMIT 1 OFFSET $2";
const SESSIONS: &str = "DELETE FROM sessions WHERE id > $1 AND id <= $2 \
     AND (idle_expires_at < $3 OR absolute_expires_at < $3 OR revoked_at < $3)";

const _: () = assert!(CLEANED_AT_ONCE == 500);

/// The position where the clean-up of events continues: after the event with this time of relaying and this
/// place in the outbox.
#[derive(Clone, Copy)]
struct Sent {
    at: Timestamp,
    seq: i64,
}

impl Sent {
    /// The position before every event.
    const START: Self = Self { at: Timestamp::EPOCH, seq: 0 };

    fn text(self) -> String {
        format!("{} {}", self.at.as_micros(), self.seq)
    }

    /// Parses a position. Returns `None`, which means the start, for another text, such as one of a later
    /// release.
    fn parse(text: &str) -> Option<Self> {
        let (at, seq) = text.split_once(' ')?;
        Some(Self { at: Timestamp::from_micros(at.parse().ok()?).ok()?, seq: seq.parse().ok()? })
    }
}

#[async_trait]
impl Cleaner for SqlxStore {
    async fn clean_events(
        &self,
        sent_before: Timestamp,
        position: Option<&str>,
        limit: u32,
    ) -> Result<Cleaned, StoreError> {
        let after = position.and_then(Sent::parse).unwrap_or(Sent::START);
        let mut last: Vec<(SqlTimestamp, i64)> = long_statement!(self.worker, |db| {
            sqlx::query_as(LAST_SENT)
                .bind(SqlTimestamp(after.at))
                .bind(after.seq)
                .bind(SqlTimestamp(sent_before))
                .bind(i64::from(limit.saturating_sub(1)))
                .fetch_all(db)
        })?;
        let last = last.pop().map(|(at, seq)| Sent { at: at.0, seq });
        let to = last.unwrap_or(Sent { at: sent_before, seq: i64::MAX });
        let removed = long_statement!(self.worker_writer, |db| {
            sqlx::query(EVENTS)
                .bind(SqlTimestamp(after.at))
                .bind(after.seq)
                .bind(SqlTimestamp(sent_before))
                .bind(SqlTimestamp(to.at))
                .bind(to.seq)
                .execute(db)
                .map_ok(|done| done.rows_affected())
        })?;
        Ok(Cleaned { removed, next: last.map(Sent::text) })
    }

    async fn clean_audit(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.clean(AUDIT, before, limit).await
    }

    async fn clean_mail_tokens(&self, over_before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.clean(MAIL_TOKENS, over_before, limit).await
    }

    async fn clean_mail_throttle(&self, asked_before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.clean(MAIL_THROTTLE, asked_before, limit).await
    }

    async fn clean_bans(&self, ended_before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.clean(BANS, ended_before, limit).await
    }

    async fn clean_mail_requests(&self, made_before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.clean(MAIL_REQUESTS, made_before, limit).await
    }

    async fn clean_sessions(
        &self,
        over_before: Timestamp,
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
                .bind(SqlTimestamp(over_before))
                .execute(db)
                .map_ok(|done| done.rows_affected())
        })?;
        Ok(Cleaned { removed, next: last.map(|id| id.to_string()) })
    }
}

impl SqlxStore {
    async fn clean(&self, statement: &'static str, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        long_statement!(self.worker_writer, |db| {
            sqlx::query(statement)
                .bind(SqlTimestamp(before))
                .bind(i64::from(limit))
                .execute(db)
                .map_ok(|done| done.rows_affected())
        })
    }
}
