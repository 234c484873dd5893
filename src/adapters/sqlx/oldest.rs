//! Clean-up of rows that are no longer needed, oldest first, one slice per statement.
//!
//! An index finds each slice, and a constant inner limit bounds its size: PostgreSQL estimates a limit that
//! is a parameter at a tenth of all rows, and would scan the table for that.

use futures_util::TryFutureExt;

use super::long_statement::long_statement;
use super::store::SqlxStore;
use super::timestamp::SqlTimestamp;
use crate::domain::Timestamp;
use crate::ports::store::{CLEANED_AT_ONCE, StoreError};

/// Deletes at most `$2` rows of `$table` for which `$over` holds, in the order of `$order`. `$key` is the
/// primary key.
macro_rules! oldest {
    ($table:literal, $key:literal, $over:literal, $order:literal) => {
        const_format::concatcp!(
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
pub(super) use oldest;

const _: () = assert!(CLEANED_AT_ONCE == 500);

impl SqlxStore {
    /// Runs a statement of [`oldest!`] for the rows from before a time.
    pub(super) async fn remove_oldest(
        &self,
        statement: &'static str,
        before: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError> {
        long_statement!(self.worker_writer, |db| {
            sqlx::query(statement)
                .bind(SqlTimestamp(before))
                .bind(i64::from(limit))
                .execute(db)
                .map_ok(|done| done.rows_affected())
        })
    }
}
