//! Replays events, one slice per statement.

use async_trait::async_trait;
use const_format::concatcp;
use futures_util::TryFutureExt;
use uuid::Uuid;

use super::since::first_since;
use crate::adapters::sqlx::long_statement::long_statement;
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::domain::Timestamp;
use crate::ports::events::{EventReplayer, Queue, REPLAYED_AT_ONCE, REQUEUED_AT_ONCE, Selection};
use crate::ports::store::StoreError;

const LAST: &str = "SELECT max(seq) FROM outbox";
const COUNT: &str = "SELECT count(*) FROM outbox WHERE seq BETWEEN $1 AND $2 AND relayed_at IS NOT NULL AND occurred_at >= $3";
const COUNT_ONE: &str = "SELECT count(*) FROM outbox WHERE id = $1 AND relayed_at IS NOT NULL";
/// How many `seq` numbers one statement counts.
const COUNTED_AT_ONCE: i64 = 50_000;
const COUNT_DEAD: &str = "SELECT count(*) FROM inbox WHERE state = 'dead' AND seq BETWEEN $1 AND $2 \
     AND (SELECT occurred_at FROM outbox WHERE id = event_id) >= $3";
const COUNT_DEAD_OF: &str = "SELECT count(*) FROM inbox WHERE event_id = $1 AND state = 'dead'";

const RELAY_AGAIN: &str = "UPDATE outbox SET relayed_at = NULL, claim = NULL, available_at = NULL, attempts = 0 WHERE relayed_at IS NOT NULL AND ";
const LAST_OF_SLICE: &str = "SELECT seq FROM (SELECT seq FROM outbox WHERE seq > $1 AND occurred_at >= $2 AND seq <= $4 \
     ORDER BY seq LIMIT 500) AS slice ORDER BY seq LIMIT 1 OFFSET $3";
const AGAIN: &str = concatcp!(RELAY_AGAIN, "seq > $1 AND seq <= $3 AND occurred_at >= $2");
const AGAIN_ONE: &str = concatcp!(RELAY_AGAIN, "id = $1");

const REQUEUE: &str = "UPDATE inbox SET state = 'pending', attempts = 0, claim = NULL, available_at = $1 WHERE state = 'dead' AND ";
const REVIVE: &str = concatcp!(
    REQUEUE,
    "(event_id, handler) IN (SELECT event_id, handler FROM (SELECT event_id, handler FROM inbox \
     WHERE state = 'dead' AND seq BETWEEN $2 AND $5 AND (SELECT occurred_at FROM outbox WHERE id = event_id) >= $3 \
     ORDER BY seq LIMIT 200) AS slice LIMIT $4)"
);
const REVIVE_ONE: &str = concatcp!(REQUEUE, "event_id = $2");

const _: () = assert!(REPLAYED_AT_ONCE == 500 && REQUEUED_AT_ONCE == 200);

impl SqlxStore {
    async fn count_between(
        &self,
        statement: &'static str,
        (from, to): (i64, i64),
        since: Timestamp,
    ) -> Result<u64, StoreError> {
        let count: i64 = long_statement!(self.readers, |db| {
            sqlx::query_scalar(statement).bind(from).bind(to).bind(SqlTimestamp(since)).fetch_one(db)
        })?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    async fn count_of(&self, statement: &'static str, event: Uuid) -> Result<u64, StoreError> {
        let count: i64 =
            long_statement!(self.readers, |db| sqlx::query_scalar(statement).bind(event).fetch_one(db))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}

#[async_trait]
impl EventReplayer for SqlxStore {
    async fn newest(&self) -> Result<i64, StoreError> {
        let last: Option<i64> = long_statement!(self.readers, |db| sqlx::query_scalar(LAST).fetch_one(db))?;
        Ok(last.unwrap_or(0))
    }

    async fn count(&self, selection: &Selection) -> Result<(u64, u64), StoreError> {
        let (first, since, until) = match *selection {
            Selection::One(id) => {
                return Ok((self.count_of(COUNT_ONE, id).await?, self.count_of(COUNT_DEAD_OF, id).await?));
            }
            Selection::Since { since, until } => (first_since(self, since).await?, since, until),
            Selection::Dead => (0, Timestamp::EPOCH, i64::MAX),
        };
        let (mut from, last) = (first, self.newest().await?.min(until));
        let (mut events, mut dead) = (0, 0);
        while from <= last {
            let to = from.saturating_add(COUNTED_AT_ONCE - 1);
            if *selection != Selection::Dead {
                events += self.count_between(COUNT, (from, to), since).await?;
            }
            dead += self.count_between(COUNT_DEAD, (from, to), since).await?;
            from = to.saturating_add(1);
        }
        Ok((events, dead))
    }

    async fn replay(
        &self,
        selection: &Selection,
        after: i64,
        limit: u32,
    ) -> Result<(u64, Option<i64>), StoreError> {
        let (again, last) = match *selection {
            Selection::Dead => return Ok((0, None)),
            Selection::One(id) => {
                let again = long_statement!(self.writer, |db| {
                    sqlx::query(AGAIN_ONE).bind(id).execute(db).map_ok(|done| done.rows_affected())
                })?;
                (again, None)
            }
            Selection::Since { since, until } => {
                let after =
                    if after == 0 { first_since(self, since).await?.saturating_sub(1) } else { after };
                let mut last: Vec<i64> = long_statement!(self.readers, |db| {
                    let offset = i64::from(limit.saturating_sub(1));
                    sqlx::query_scalar(LAST_OF_SLICE)
                        .bind(after)
                        .bind(SqlTimestamp(since))
                        .bind(offset)
                        .bind(until)
                        .fetch_all(db)
                })?;
                let last = last.pop();
                let again = long_statement!(self.writer, |db| {
                    sqlx::query(AGAIN)
                        .bind(after)
                        .bind(SqlTimestamp(since))
                        .bind(last.unwrap_or(until))
                        .execute(db)
                        .map_ok(|done| done.rows_affected())
                })?;
                (again, last)
            }
        };
        self.signals.wake(Queue::Outbox);
        Ok((again, last))
    }

    async fn requeue(&self, selection: &Selection, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let (first, since, until) = match *selection {
            Selection::One(id) => {
                return long_statement!(self.writer, |db| {
                    let requeue = sqlx::query(REVIVE_ONE).bind(SqlTimestamp(now)).bind(id);
                    requeue.execute(db).map_ok(|done| done.rows_affected())
                });
            }
            Selection::Since { since, until } => (first_since(self, since).await?, since, until),
            Selection::Dead => (0, Timestamp::EPOCH, i64::MAX),
        };
        long_statement!(self.writer, |db| {
            sqlx::query(REVIVE)
                .bind(SqlTimestamp(now))
                .bind(first)
                .bind(SqlTimestamp(since))
                .bind(i64::from(limit))
                .bind(until)
                .execute(db)
                .map_ok(|done| done.rows_affected())
        })
    }
}
