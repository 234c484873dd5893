use async_trait::async_trait;
use const_format::concatcp;
use futures_util::TryFutureExt;
use uuid::Uuid;

use super::claim::{claiming, one_at_a_time};
use super::open_ids::OpenIds;
use super::wakeups::notify;
use crate::adapters::sqlx::cause::CauseRow;
use crate::adapters::sqlx::ids::{list, of_ids};
use crate::adapters::sqlx::run::{Pool, Tx, in_work, on_pool};
use crate::adapters::sqlx::statement::Statement;
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::{Subject, Timestamp};
use crate::ports::events::{Lease, OutboxQueue, Queue, RelayOutcome, StoredEvent};
use crate::ports::store::{StoreError, UnitOfWork};

/// The columns of a [`StoredRow`].
pub(in crate::adapters::sqlx) const STORED: &str = "seq, id, type, subject, actor, CAST(data AS text) AS data, occurred_at, request_id, traceparent, \
     tracestate";

/// `ORDER BY seq` leads to the index of unrelayed events, whatever the planner estimates about their number.
const IS_DUE: &str = "SELECT count(*) > 0 FROM (SELECT 1 FROM outbox WHERE relayed_at IS NULL \
     AND (available_at IS NULL OR available_at <= $1) ORDER BY seq LIMIT 1) AS due";
/// The events are read in their order, as [`one_at_a_time`] sees to, until there are enough. A subquery with
/// a limit is not turned into a join, which would read the whole backlog. It compares pairs and has their
/// order, so that only an index of both columns fits: that of `seq` would lead through the events of others.
const CLAIM: Statement = claiming!(
    "SELECT id FROM outbox AS mine WHERE relayed_at IS NULL AND (available_at IS NULL OR available_at <= $3) \
     AND id BETWEEN $5 AND $6 AND (SELECT 1 FROM outbox AS earlier \
     WHERE (earlier.subject, earlier.seq) > (mine.subject, -1) \
     AND (earlier.subject, earlier.seq) < (mine.subject, mine.seq) \
     AND earlier.relayed_at IS NULL AND earlier.available_at > $3 AND earlier.id BETWEEN $5 AND $6 \
     ORDER BY earlier.subject, earlier.seq LIMIT 1) IS NULL ORDER BY seq LIMIT $4",
    "UPDATE outbox SET claim = $1, available_at = $2, attempts = attempts + 1 WHERE id BETWEEN $5 AND $6 AND ",
    "id",
    concatcp!(" RETURNING ", STORED),
);
const POSTPONED: &str = "UPDATE outbox SET claim = NULL, available_at = $3, last_error = $4 \
     WHERE id = $2 AND claim = $1 AND relayed_at IS NULL";
const DELIVER: Statement = of_ids!(
    "INSERT INTO inbox (event_id, handler, seq, subject, state, available_at) \
     SELECT id, $3, seq, subject, 'pending', $4 FROM outbox \
     WHERE claim = $2 AND relayed_at IS NULL AND type = $5 AND ",
    "id",
    " ON CONFLICT (event_id, handler) DO NOTHING",
);
const SENT: Statement = of_ids!(
    "UPDATE outbox SET relayed_at = $3, claim = NULL, available_at = NULL, last_error = NULL \
     WHERE claim = $2 AND relayed_at IS NULL AND ",
    "id",
    "",
);

#[derive(sqlx::FromRow)]
pub(in crate::adapters::sqlx) struct StoredRow {
    seq: i64,
    id: Uuid,
    r#type: String,
    subject: Uuid,
    actor: String,
    data: String,
    occurred_at: SqlTimestamp,
    #[sqlx(flatten)]
    cause: CauseRow,
}

impl From<StoredRow> for StoredEvent {
    fn from(row: StoredRow) -> Self {
        Self {
            seq: row.seq,
            id: row.id,
            type_name: row.r#type,
            subject: Subject(row.subject),
            actor: row.actor,
            at: row.occurred_at.0,
            data: row.data,
            cause: row.cause.into(),
        }
    }
}

#[async_trait]
impl OutboxQueue for SqlxStore {
    async fn is_due(&self, now: Timestamp) -> Result<bool, StoreError> {
        on_pool!(&self.worker, |db| sqlx::query_scalar(IS_DUE).bind(SqlTimestamp(now)).fetch_one(db))
    }

    async fn claim_unrelayed(&self, lease: &Lease, limit: u32) -> Result<Vec<StoredEvent>, StoreError> {
        let mut work = self.begin_worker().await?;
        one_at_a_time(&mut work).await?;
        let Some(open) = OpenIds::unrelayed(&mut work).await? else { return Ok(Vec::new()) };
        let claim = CLAIM.on(&work.tx);
        let rows: Vec<StoredRow> = in_work!(work, |db| {
            sqlx::query_as(claim)
                .bind(lease.claim)
                .bind(SqlTimestamp(lease.until))
                .bind(SqlTimestamp(lease.now))
                .bind(i64::from(limit))
                .bind(open.first)
                .bind(open.last)
                .fetch_all(db)
        })?;
        Box::new(work).commit().await?;
        let mut events: Vec<StoredEvent> = rows.into_iter().map(StoredEvent::from).collect();
        events.sort_unstable_by_key(|event| event.seq);
        Ok(events)
    }

    async fn record_outcomes(&self, outcome: &RelayOutcome<'_>) -> Result<u64, StoreError> {
        let RelayOutcome { claim, now, events, unrelayed, deliveries } = *outcome;
        let mut work = self.begin_worker().await?;
        for unrelayed in unrelayed {
            in_work!(work, |db| {
                sqlx::query(POSTPONED)
                    .bind(claim)
                    .bind(unrelayed.id)
                    .bind(SqlTimestamp(unrelayed.until))
                    .bind(&unrelayed.error)
                    .execute(db)
                    .map_ok(drop)
            })?;
        }
        for delivery in deliveries {
            deliver(&mut work, outcome, delivery.handler, &delivery.type_name).await?;
        }
        let mark = SENT.on(&work.tx);
        let sent = in_work!(work, |db| {
            sqlx::query(mark)
                .bind(list(events))
                .bind(claim)
                .bind(SqlTimestamp(now))
                .execute(db)
                .map_ok(|done| done.rows_affected())
        })?;
        if !deliveries.is_empty() {
            notify(&mut work).await?;
        }
        Box::new(work).commit().await?;
        self.signals.wake(Queue::Inbox);
        Ok(sent)
    }
}

async fn deliver(
    work: &mut Work,
    outcome: &RelayOutcome<'_>,
    handler: &str,
    type_name: &str,
) -> Result<(), StoreError> {
    let statement = DELIVER.on(&work.tx);
    in_work!(work, |db| {
        sqlx::query(statement)
            .bind(list(outcome.events))
            .bind(outcome.claim)
            .bind(handler)
            .bind(SqlTimestamp(outcome.now))
            .bind(type_name)
            .execute(db)
            .map_ok(drop)
    })
}
