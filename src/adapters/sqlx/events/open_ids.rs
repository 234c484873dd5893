//! The ids of open work. PostgreSQL reads only the partitions between the lowest and the highest of them.

use futures_util::TryFutureExt;
use uuid::Uuid;

use crate::adapters::sqlx::run::{Tx, in_work};
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::Timestamp;
use crate::ports::store::StoreError;

/// A day of ids: the first 48 bits of an id are milliseconds (RFC 9562, 5.7).
const DAY: u128 = (24 * 60 * 60 * 1000) << 80;

/// The condition is that of an index, word by word.
const UNRELAYED: &str = "SELECT (SELECT id FROM outbox WHERE CASE WHEN relayed_at IS NULL THEN true ELSE false END \
     ORDER BY id LIMIT 1), (SELECT id FROM outbox WHERE CASE WHEN relayed_at IS NULL THEN true ELSE false END \
     ORDER BY id DESC LIMIT 1)";
const PENDING: &str = "SELECT (SELECT event_id FROM inbox WHERE handler = $1 \
     AND CASE state WHEN 'pending' THEN true ELSE false END ORDER BY event_id LIMIT 1), \
     (SELECT event_id FROM inbox WHERE handler = $1 \
     AND CASE state WHEN 'pending' THEN true ELSE false END ORDER BY event_id DESC LIMIT 1)";

/// The lowest and the highest id.
#[derive(Clone, Copy, Debug)]
pub(in crate::adapters::sqlx) struct OpenIds {
    pub(in crate::adapters::sqlx) first: Uuid,
    pub(in crate::adapters::sqlx) last: Uuid,
}

impl OpenIds {
    /// SQLite has no partitions.
    const ALL: Self = Self { first: Uuid::nil(), last: Uuid::max() };

    /// Adds a day at both ends: a row that commits after this statement may belong to the same user as one
    /// that the next statement finds, and the claim has to see both. Their ids are as far apart as the clocks
    /// of the processes that made them.
    fn between((first, last): (Option<Uuid>, Option<Uuid>)) -> Option<Self> {
        let (first, last) = (first?.as_u128(), last?.as_u128());
        Some(Self {
            first: Uuid::from_u128(first.saturating_sub(DAY)),
            last: Uuid::from_u128(last.saturating_add(DAY)),
        })
    }

    /// Reads those of the events that have not been relayed; `None` if all have.
    pub(in crate::adapters::sqlx) async fn unrelayed(work: &mut Work) -> Result<Option<Self>, StoreError> {
        if let Tx::Sqlite(_) = work.tx {
            return Ok(Some(Self::ALL));
        }
        in_work!(work, |db| sqlx::query_as(UNRELAYED).fetch_one(db).map_ok(Self::between))
    }

    /// Reads those of the pending entries of a handler; `None` if it has none.
    pub(in crate::adapters::sqlx) async fn pending(
        work: &mut Work,
        handler: &str,
    ) -> Result<Option<Self>, StoreError> {
        if let Tx::Sqlite(_) = work.tx {
            return Ok(Some(Self::ALL));
        }
        in_work!(work, |db| sqlx::query_as(PENDING).bind(handler).fetch_one(db).map_ok(Self::between))
    }

    /// Reads those of the due entries of a handler that a statement selects; `None` if it selects none.
    pub(in crate::adapters::sqlx) async fn among(
        self,
        work: &mut Work,
        statement: &'static str,
        handler: &str,
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        if let Tx::Sqlite(_) = work.tx {
            return Ok(Some(self));
        }
        in_work!(work, |db| {
            let of = sqlx::query_as(statement).bind(handler).bind(SqlTimestamp(now));
            of.bind(self.first).bind(self.last).fetch_one(db).map_ok(Self::between)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_clocks_that_differ_by_hours_are_between() {
        let at = |hours: u128| Uuid::from_u128(((hours * 60 * 60 * 1000) << 80) | 7);
        let open = OpenIds::between((Some(at(100)), Some(at(101)))).unwrap();
        assert!(open.first < at(77) && open.last > at(124), "{open:?}");
        assert!(open.first > at(75) && open.last < at(126), "{open:?}");
        let all = OpenIds::between((Some(Uuid::nil()), Some(Uuid::max()))).unwrap();
        assert_eq!((all.first, all.last), (Uuid::nil(), Uuid::max()));
        assert!(OpenIds::between((None, None)).is_none());
    }
}
