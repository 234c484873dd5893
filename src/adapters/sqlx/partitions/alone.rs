//! Which rows are removed one by one.

use std::time::Duration;

use uuid::Uuid;

use super::layout::width;
use crate::adapters::sqlx::ids::first_at;
use crate::adapters::sqlx::run::Pool;
use crate::adapters::sqlx::store::SqlxStore;
use crate::ports::store::Kept;

/// An id of this time in the future was made by a clock that is wrong, or is no UUID of version 7.
const AHEAD: Duration = Duration::from_hours(24);

/// The rows that are removed one by one: those with ids before and from these.
#[derive(Clone, Copy)]
pub(in crate::adapters::sqlx) struct Alone {
    pub(in crate::adapters::sqlx) before: Uuid,
    pub(in crate::adapters::sqlx) from: Uuid,
}

impl SqlxStore {
    /// Returns the rows that are not removed together with a partition: those in partitions that should have
    /// been removed by now, and those of clocks that are ahead. On SQLite, all rows.
    pub(in crate::adapters::sqlx) fn removed_alone(&self, kept: Kept) -> Alone {
        if matches!(self.worker, Pool::Sqlite(_)) {
            return Alone { before: Uuid::max(), from: Uuid::max() };
        }
        let late = width(Some(kept.retention)) * 2;
        Alone { before: first_at(kept.since().minus(late)), from: first_at(kept.now.plus(AHEAD)) }
    }
}
