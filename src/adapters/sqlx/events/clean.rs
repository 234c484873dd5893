//! Clean-up of relayed events: a walk in the order of an index, so that events that are kept are not examined
//! again and again.

use futures_util::TryFutureExt;

use crate::adapters::sqlx::long_statement::long_statement;
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::domain::Timestamp;
use crate::ports::store::{CLEANED_AT_ONCE, Cleaned, StoreError};

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
        relayed_before: Timestamp,
        position: Option<&str>,
        limit: u32,
    ) -> Result<Cleaned, StoreError> {
        let after = position.and_then(Sent::parse).unwrap_or(Sent::START);
        let mut last: Vec<(SqlTimestamp, i64)> = long_statement!(self.worker, |db| {
            sqlx::query_as(LAST_SENT)
                .bind(SqlTimestamp(after.at))
                .bind(after.seq)
                .bind(SqlTimestamp(relayed_before))
                .bind(i64::from(limit.saturating_sub(1)))
                .fetch_all(db)
        })?;
        let last = last.pop().map(|(at, seq)| Sent { at: at.0, seq });
        let to = last.unwrap_or(Sent { at: relayed_before, seq: i64::MAX });
        let removed = long_statement!(self.worker_writer, |db| {
            sqlx::query(EVENTS)
                .bind(SqlTimestamp(after.at))
                .bind(after.seq)
                .bind(SqlTimestamp(relayed_before))
                .bind(SqlTimestamp(to.at))
                .bind(to.seq)
                .execute(db)
                .map_ok(|done| done.rows_affected())
        })?;
        Ok(Cleaned { removed, next: last.map(Sent::text) })
    }
}
