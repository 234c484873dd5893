use std::collections::BTreeMap;

use async_trait::async_trait;
use const_format::concatcp;
use futures_util::TryFutureExt;
use uuid::Uuid;

use crate::adapters::sqlx::error::corrupt;
use crate::adapters::sqlx::events::claim::{claiming, one_per_handler};
use crate::adapters::sqlx::events::open_ids::OpenIds;
use crate::adapters::sqlx::events::relay::{STORED, StoredRow};
use crate::adapters::sqlx::ids::{list, of_ids};
use crate::adapters::sqlx::run::{Pool, Tx, in_work, on_pool};
use crate::adapters::sqlx::statement::Statement;
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::{Subject, Timestamp};
use crate::ports::events::{Delivery, Due, Inbox, InboxEntry, InboxQueue, Lease, Reschedule, StoredEvent};
use crate::ports::store::{StoreError, UnitOfWork};

/// Reads at most one row of each index, whatever the planner estimates about the table.
const IS_DUE: &str = "SELECT count(*) > 0 FROM (SELECT 1 FROM (SELECT 1 FROM inbox WHERE handler = $1 \
     AND CASE state WHEN 'pending' THEN claim IS NULL ELSE false END AND available_at <= $2 \
     ORDER BY available_at LIMIT 1) AS due \
     UNION ALL SELECT 1 FROM (SELECT 1 FROM inbox WHERE handler = $1 \
     AND state = 'pending' AND claim IS NOT NULL AND available_at <= $2 ORDER BY available_at LIMIT 1) AS left_over) \
     AS found";
/// Claims only the earliest pending entry of a user: a process that died may have left several.
const CLAIM_ABANDONED: Statement = claiming!(
    "SELECT event_id FROM inbox AS mine WHERE handler = $1 AND state = 'pending' AND claim IS NOT NULL \
     AND available_at <= $4 AND (SELECT min(seq) FROM inbox AS earlier WHERE earlier.handler = $1 \
     AND earlier.subject = mine.subject AND earlier.state = 'pending' AND earlier.seq < mine.seq \
     AND earlier.event_id BETWEEN $5 AND $6) IS NULL \
     ORDER BY available_at, seq LIMIT 1",
    "UPDATE inbox SET claim = $2, available_at = $3, attempts = attempts + 1 \
     WHERE handler = $1 AND event_id BETWEEN $5 AND $6 AND ",
    "event_id",
    " RETURNING event_id, handler, seq, subject, attempts",
);
const BURY: Statement = claiming!(
    "SELECT event_id FROM inbox WHERE handler = $1 AND state = 'pending' AND claim IS NOT NULL \
     AND available_at <= $2 AND attempts >= $3",
    "UPDATE inbox SET state = 'dead', claim = NULL, last_error = $4 \
     WHERE handler = $1 AND event_id BETWEEN $5 AND $6 AND ",
    "event_id",
    "",
);
const RESCHEDULE: &str = "UPDATE inbox SET state = $4, claim = NULL, available_at = coalesce($5, available_at), \
     last_error = $6 WHERE event_id = $1 AND handler = $2 AND claim = $3 AND state = 'pending'";
const RELEASE: &str = "UPDATE inbox SET claim = NULL, attempts = attempts - 1, available_at = $4 \
     WHERE event_id = $1 AND handler = $2 AND claim = $3 AND state = 'pending'";
const FINISH: Statement = of_ids!(
    "UPDATE inbox SET state = 'done', done_at = $4, claim = NULL, last_error = NULL \
     WHERE handler = $2 AND claim = $3 AND state = 'pending' AND ",
    "event_id",
    " RETURNING event_id",
);
const HELD: &str = concatcp!(
    "SELECT ",
    STORED,
    " FROM outbox WHERE id = $1 AND EXISTS (SELECT 1 FROM inbox WHERE event_id = $1 AND handler = $2 \
     AND claim = $3 AND state = 'pending')"
);
const EVENTS: Statement = of_ids!(concatcp!("SELECT ", STORED, " FROM outbox WHERE "), "id", " ORDER BY seq");

const ABANDONED: &str = "the process ended or froze during the attempt";

#[derive(sqlx::FromRow)]
pub(in crate::adapters::sqlx) struct InboxEntryRow {
    pub(in crate::adapters::sqlx) event_id: Uuid,
    pub(in crate::adapters::sqlx) handler: String,
    pub(in crate::adapters::sqlx) seq: i64,
    pub(in crate::adapters::sqlx) subject: Uuid,
    pub(in crate::adapters::sqlx) attempts: i64,
}

impl TryFrom<InboxEntryRow> for InboxEntry {
    type Error = StoreError;

    fn try_from(row: InboxEntryRow) -> Result<Self, StoreError> {
        let attempts = row.attempts.try_into().map_err(|why| corrupt(row.event_id, "attempts", why))?;
        Ok(Self { event_id: row.event_id, handler: row.handler, subject: Subject(row.subject), attempts })
    }
}

#[async_trait]
impl InboxQueue for SqlxStore {
    async fn is_due(&self, handler: &str, now: Timestamp) -> Result<bool, StoreError> {
        on_pool!(&self.worker, |db| {
            sqlx::query_scalar(IS_DUE).bind(handler).bind(SqlTimestamp(now)).fetch_one(db)
        })
    }

    async fn types_of(&self, events: &[Uuid]) -> Result<BTreeMap<Uuid, String>, StoreError> {
        self.find_types(events).await
    }

    async fn deliver(
        &self,
        events: &[Uuid],
        deliveries: &[Delivery],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.deliver_events(events, deliveries, now).await
    }

    async fn claim_due(&self, handler: &str, lease: &Lease, limit: u32) -> Result<Due, StoreError> {
        self.claim_due_entries(handler, lease, limit).await
    }

    async fn claim_abandoned(
        &self,
        handler: &str,
        lease: &Lease,
        max_attempts: u32,
    ) -> Result<Vec<InboxEntry>, StoreError> {
        let mut work = self.begin_worker().await?;
        one_per_handler(&mut work, handler).await?;
        let Some(open) = OpenIds::pending(&mut work, handler).await? else { return Ok(Vec::new()) };
        let bury = BURY.on(&work.tx);
        in_work!(work, |db| {
            sqlx::query(bury)
                .bind(handler)
                .bind(SqlTimestamp(lease.now))
                .bind(i64::from(max_attempts))
                .bind(ABANDONED)
                .bind(open.first)
                .bind(open.last)
                .execute(db)
                .map_ok(drop)
        })?;
        let claim = CLAIM_ABANDONED.on(&work.tx);
        let rows: Vec<InboxEntryRow> = in_work!(work, |db| {
            sqlx::query_as(claim)
                .bind(handler)
                .bind(lease.claim)
                .bind(SqlTimestamp(lease.until))
                .bind(SqlTimestamp(lease.now))
                .bind(open.first)
                .bind(open.last)
                .fetch_all(db)
        })?;
        Box::new(work).commit().await?;
        rows.into_iter().map(InboxEntry::try_from).collect()
    }

    async fn claimed(&self, entry: &InboxEntry, claim: Uuid) -> Result<Option<StoredEvent>, StoreError> {
        let row: Option<StoredRow> = on_pool!(&self.worker, |db| {
            sqlx::query_as(HELD).bind(entry.event_id).bind(&entry.handler).bind(claim).fetch_optional(db)
        })?;
        Ok(row.map(StoredEvent::from))
    }

    async fn reschedule(
        &self,
        entry: &InboxEntry,
        claim: Uuid,
        reschedule: &Reschedule,
    ) -> Result<(), StoreError> {
        let state = if reschedule.again.is_some() { "pending" } else { "dead" };
        on_pool!(&self.worker_writer, |db| {
            sqlx::query(RESCHEDULE)
                .bind(entry.event_id)
                .bind(&entry.handler)
                .bind(claim)
                .bind(state)
                .bind(reschedule.again.map(SqlTimestamp))
                .bind(&reschedule.error)
                .execute(db)
                .map_ok(drop)
        })
    }

    async fn release(&self, entry: &InboxEntry, claim: Uuid, now: Timestamp) -> Result<(), StoreError> {
        on_pool!(&self.worker_writer, |db| {
            sqlx::query(RELEASE)
                .bind(entry.event_id)
                .bind(&entry.handler)
                .bind(claim)
                .bind(SqlTimestamp(now))
                .execute(db)
                .map_ok(drop)
        })
    }
}

#[async_trait]
impl Inbox for Work {
    async fn finish(
        &mut self,
        handler: &str,
        events: &[Uuid],
        claim: Uuid,
        now: Timestamp,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        let (finish, read) = (FINISH.on(&self.tx), EVENTS.on(&self.tx));
        let finished: Vec<Uuid> = in_work!(self, |db| {
            sqlx::query_scalar(finish)
                .bind(list(events))
                .bind(handler)
                .bind(claim)
                .bind(SqlTimestamp(now))
                .fetch_all(db)
        })?;
        if finished.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<StoredRow> =
            in_work!(self, |db| sqlx::query_as(read).bind(list(&finished)).fetch_all(db))?;
        Ok(rows.into_iter().map(StoredEvent::from).collect())
    }
}
