//! Queues of requests that are recorded without looking up an account: how a worker claims them.
//!
//! A row that cannot be read, because it is damaged or a newer release wrote it, does not stop the others. It
//! is claimed again like the request of a dead worker, and given up in the end.

use futures_util::TryFutureExt;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};
use uuid::Uuid;

use super::run::{Pool, Tx, in_work, on_pool};
use super::statement::Statement;
use super::store::SqlxStore;
use super::timestamp::SqlTimestamp;
use crate::domain::Timestamp;
use crate::ports::events::Lease;
use crate::ports::store::{RequestBacklog, StoreError, UnitOfWork};

/// The most claims of a row that cannot be read.
const MOST_ATTEMPTS: i64 = 10;

/// A table of requests. It has the columns `digest` (its key), `due_at`, `claim` and `attempts`.
pub(super) trait RequestTable {
    /// A claimed row, as it is stored.
    type Row: for<'r> FromRow<'r, PgRow> + for<'r> FromRow<'r, SqliteRow> + Send + Unpin;
    /// A claimed request.
    type Claimed;

    /// The queue, for the log.
    const QUEUE: &'static str;
    /// Whether a request is due at `$1`.
    const IS_DUE: &'static str;
    /// Claims at most `$4` requests that are due at `$3` with the claim `$1` until `$2`, counts the attempt,
    /// and returns the rows.
    const CLAIM: Statement;
    /// Marks the request with the digest `$1` as answered and deletes everything about the person.
    const GIVE_UP: &'static str;
    /// Counts the requests without an answer, and finds the time of the oldest.
    const BACKLOG: &'static str;

    /// Reads a row.
    fn claimed(row: Self::Row, claim: Uuid) -> Result<Self::Claimed, StoreError>;
}

/// The statement [`RequestTable::IS_DUE`] of a table.
macro_rules! is_due {
    ($table:literal) => {
        concat!(
            "SELECT count(*) > 0 FROM (SELECT 1 FROM ",
            $table,
            " WHERE due_at <= $1 ORDER BY due_at LIMIT 1) AS due"
        )
    };
}
pub(super) use is_due;

/// The statement [`RequestTable::BACKLOG`] of a table.
macro_rules! backlog {
    ($table:literal) => {
        concat!("SELECT count(*), min(requested_at) FROM ", $table, " WHERE due_at IS NOT NULL")
    };
}
pub(super) use backlog;

/// The statement [`RequestTable::CLAIM`] of a table, which returns these columns.
macro_rules! claim_requests {
    ($table:literal, $columns:literal) => {
        $crate::adapters::sqlx::events::claim::claiming!(
            concat!("SELECT digest FROM ", $table, " WHERE due_at <= $3 ORDER BY due_at LIMIT $4"),
            concat!(
                "UPDATE ",
                $table,
                " SET claim = $1, due_at = $2, attempts = attempts + 1 \
                 WHERE digest IN (SELECT digest FROM due) RETURNING digest, attempts, ",
                $columns
            ),
        )
    };
}
pub(super) use claim_requests;

/// A claimed row, and what is needed to give it up.
struct Found<T> {
    digest: Vec<u8>,
    attempts: i64,
    row: Result<T, sqlx::Error>,
}

fn found<'r, R, T>(row: &'r R) -> Result<Found<T>, sqlx::Error>
where
    R: Row,
    T: FromRow<'r, R>,
    for<'i> &'i str: ColumnIndex<R>,
    Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
{
    let (digest, attempts) = (row.try_get("digest")?, row.try_get("attempts")?);
    Ok(Found { digest, attempts, row: T::from_row(row) })
}

impl SqlxStore {
    pub(super) async fn request_backlog<T: RequestTable>(&self) -> Result<RequestBacklog, StoreError> {
        let (waiting, oldest): (i64, Option<SqlTimestamp>) =
            on_pool!(&self.worker, |db| sqlx::query_as(T::BACKLOG).fetch_one(db))?;
        Ok(RequestBacklog { queue: T::QUEUE, waiting, oldest: oldest.map(|oldest| oldest.0) })
    }

    pub(super) async fn is_request_due<T: RequestTable>(&self, now: Timestamp) -> Result<bool, StoreError> {
        on_pool!(&self.worker, |db| sqlx::query_scalar(T::IS_DUE).bind(SqlTimestamp(now)).fetch_one(db))
    }

    /// Claims due requests, the longest due first. Rows that cannot be read are left out.
    pub(super) async fn claim_due_requests<T: RequestTable>(
        &self,
        lease: &Lease,
        limit: u32,
    ) -> Result<Vec<T::Claimed>, StoreError> {
        let mut work = self.begin_worker().await?;
        let claim = T::CLAIM.on(&work.tx);
        let rows: Vec<Result<Found<T::Row>, sqlx::Error>> = in_work!(work, |db| {
            sqlx::query(claim)
                .bind(lease.claim)
                .bind(SqlTimestamp(lease.until))
                .bind(SqlTimestamp(lease.now))
                .bind(i64::from(limit))
                .fetch_all(db)
                .map_ok(|rows| rows.iter().map(found).collect())
        })?;
        let (mut claimed, mut given_up) = (Vec::with_capacity(rows.len()), Vec::new());
        for found in rows {
            let Found { digest, attempts, row } = found?;
            match row.map_err(StoreError::from).and_then(|row| T::claimed(row, lease.claim)) {
                Ok(request) => claimed.push(request),
                Err(error) if attempts < MOST_ATTEMPTS => {
                    tracing::debug!(%error, queue = T::QUEUE, attempts, "request cannot be read, retrying");
                }
                Err(error) => {
                    in_work!(work, |db| sqlx::query(T::GIVE_UP).bind(digest).execute(db).map_ok(drop))?;
                    given_up.push(error);
                }
            }
        }
        Box::new(work).commit().await?;
        for error in given_up {
            tracing::error!(%error, queue = T::QUEUE, attempts = MOST_ATTEMPTS, "request given up, it cannot be read");
        }
        Ok(claimed)
    }
}
