//! Clean-up of relayed events: a walk in the order of an index, so that events that are kept are not examined
//! again and again.

use const_format::concatcp;
use futures_util::TryFutureExt;
use uuid::Uuid;

use crate::adapters::sqlx::ids::{list, of_ids};
use crate::adapters::sqlx::long_statement::long_statement;
use crate::adapters::sqlx::run::{Tx, in_work};
use crate::adapters::sqlx::statement::Statement;
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::Timestamp;
use crate::ports::store::{CLEANED_AT_ONCE, Cleaned, Kept, StoreError, UnitOfWork};

/// The events that were relayed after the position (`$1`, `$2`) and before `$3`, in the order of an index.
const SENT: &str =
    "FROM outbox WHERE relayed_at IS NOT NULL AND relayed_at < $3 AND (relayed_at, seq) > ($1, $2)";
macro_rules! last_sent {
    ($of_rows:literal) => {
        concatcp!(
            "SELECT relayed_at, seq FROM (SELECT relayed_at, seq ",
            SENT,
            $of_rows,
            " ORDER BY relayed_at, seq LIMIT 500) AS slice ORDER BY relayed_at, seq LIMIT 1 OFFSET $4"
        )
    };
}
const LAST_SENT: Statement =
    Statement { postgres: last_sent!(" AND (id < $5 OR id >= $6)"), sqlite: last_sent!(" AND $5 <= $6") };
macro_rules! slice {
    ($of_rows:literal, $lock:literal) => {
        concatcp!(
            "SELECT id ",
            SENT,
            $of_rows,
            " AND (relayed_at, seq) <= ($4, $5) ORDER BY relayed_at, seq LIMIT 500",
            $lock
        )
    };
}
/// Locks the rows, so that none gets another inbox entry until it is removed. Leaves out those that are being
/// delivered or replayed at the moment.
const SLICE: Statement = Statement {
    postgres: slice!(" AND (id < $6 OR id >= $7)", " FOR UPDATE SKIP LOCKED"),
    sqlite: slice!(" AND $6 <= $7", ""),
};
/// A statement of its own, because it has to see the entries that were committed before the rows were locked.
/// Keeps the newest event: by it, the change feed sees that it continues where it stopped. Keeps an event
/// until every handler is done with it, and an event without inbox entries, which may still be at the broker.
/// An aggregate per event is not turned into a join, for which the inbox might be scanned.
const EVENTS: Statement = of_ids!(
    "DELETE FROM outbox WHERE relayed_at < $2 AND seq < (SELECT max(seq) FROM outbox) \
     AND (SELECT min(CASE state WHEN 'done' THEN 1 ELSE 0 END) FROM inbox WHERE event_id = outbox.id) = 1 AND ",
    "id",
    " RETURNING id",
);
/// PostgreSQL has no foreign key between partitions. SQLite has removed these entries already.
const ENTRIES: Statement = of_ids!("DELETE FROM inbox WHERE ", "event_id", "");

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

impl SqlxStore {
    pub(in crate::adapters::sqlx) async fn clean_events(
        &self,
        kept: Kept,
        position: Option<&str>,
        limit: u32,
    ) -> Result<Cleaned, StoreError> {
        let after = position.and_then(Sent::parse).unwrap_or(Sent::START);
        let (sent_before, rows) = (kept.since(), self.removed_alone(kept));
        let statement = LAST_SENT.on_pool(&self.worker);
        let mut last: Vec<(SqlTimestamp, i64)> = long_statement!(self.worker, |db| {
            sqlx::query_as(statement)
                .bind(SqlTimestamp(after.at))
                .bind(after.seq)
                .bind(SqlTimestamp(sent_before))
                .bind(i64::from(limit.saturating_sub(1)))
                .bind(rows.before)
                .bind(rows.from)
                .fetch_all(db)
        })?;
        let last = last.pop().map(|(at, seq)| Sent { at: at.0, seq });
        let to = last.unwrap_or(Sent { at: sent_before, seq: i64::MAX });
        let mut work = Work::begin_long(&self.worker_writer, &self.signals).await?;
        let (slice, remove) = (SLICE.on(&work.tx), EVENTS.on(&work.tx));
        let locked: Vec<Uuid> = in_work!(work, |db| {
            sqlx::query_scalar(slice)
                .bind(SqlTimestamp(after.at))
                .bind(after.seq)
                .bind(SqlTimestamp(sent_before))
                .bind(SqlTimestamp(to.at))
                .bind(to.seq)
                .bind(rows.before)
                .bind(rows.from)
                .fetch_all(db)
        })?;
        let removed: Vec<Uuid> = in_work!(work, |db| {
            sqlx::query_scalar(remove).bind(list(&locked)).bind(SqlTimestamp(sent_before)).fetch_all(db)
        })?;
        let entries = ENTRIES.on(&work.tx);
        in_work!(work, |db| sqlx::query(entries).bind(list(&removed)).execute(db).map_ok(drop))?;
        Box::new(work).commit().await?;
        Ok(Cleaned { removed: removed.len() as u64, next: last.map(Sent::text) })
    }
}
