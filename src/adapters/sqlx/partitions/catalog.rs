//! The partitioned tables as they are, and transactions that change them.

use std::time::Duration;

use futures_util::TryFutureExt;
use sqlx::AssertSqlSafe;

use super::layout::Partition;
use crate::adapters::sqlx::run::{Tx, in_work};
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::ports::store::StoreError;

/// A partitioned table and the column of its ids.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) key: &'static str,
}

pub(super) const OUTBOX: Table = Table { name: "outbox", key: "id" };
pub(super) const INBOX: Table = Table { name: "inbox", key: "event_id" };
pub(super) const AUDIT: Table = Table { name: "audit", key: "event_id" };

/// Requests that wait behind a change of a table give up after a second. A statement that runs with the lock
/// is therefore ended earlier, and a wait for the lock much earlier: it is tried again.
const LIMITS: &str = "SET LOCAL lock_timeout = 300; SET LOCAL client_min_messages = warning";
pub(super) const WITH_LOCK: &str = "SET LOCAL statement_timeout = 700";

/// The largest number of rows that are moved when their partition is divided or removed, which others wait
/// for.
pub(super) const MOVED_AT_ONCE: i64 = 1000;

/// The pauses after an attempt that did not get its locks, in which the statements behind it run.
pub(super) const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(1)];

/// Changes of partitions follow one another. No other statement waits for this lock, so a process may wait
/// for it long. The key spells `svc` and `par`.
const ONE_AT_A_TIME: &str = "SET LOCAL lock_timeout = 5000; SELECT pg_advisory_xact_lock(7566947, 7364978)";

impl SqlxStore {
    /// Begins a transaction that may change tables, after those of other processes.
    pub(super) async fn begin_change(&self) -> Result<Work, StoreError> {
        let mut work = Work::begin_long(&self.schema, &self.signals).await?;
        run(&mut work, format!("{ONE_AT_A_TIME}; {LIMITS}")).await?;
        Ok(work)
    }
}

/// Runs statements without parameters.
pub(super) async fn run(work: &mut Work, sql: String) -> Result<(), StoreError> {
    in_work!(work, |db| sqlx::raw_sql(AssertSqlSafe(sql)).execute(db).map_ok(drop))
}

/// Returns a number.
pub(super) async fn number(work: &mut Work, sql: String) -> Result<i64, StoreError> {
    in_work!(work, |db| sqlx::query_scalar(AssertSqlSafe(sql)).persistent(false).fetch_one(db))
}

/// Returns the partitions of a table in the order of their ids; none if the table has partitions of a kind
/// that the service does not make, or is no partitioned table.
pub(super) async fn partitions(work: &mut Work, table: Table) -> Result<Vec<Partition>, StoreError> {
    if let Tx::Sqlite(_) = work.tx {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT CAST(CAST(part.oid AS regclass) AS text), pg_get_expr(part.relpartbound, part.oid) \
         FROM pg_inherits JOIN pg_class AS part ON part.oid = inhrelid WHERE inhparent = to_regclass('{}')",
        table.name
    );
    let rows: Vec<(String, Option<String>)> =
        in_work!(work, |db| sqlx::query_as(AssertSqlSafe(sql)).persistent(false).fetch_all(db))?;
    let partition = |(name, bounds): (String, Option<String>)| Partition::parse(name, &bounds?);
    let Some(mut all) = rows.into_iter().map(partition).collect::<Option<Vec<_>>>() else {
        tracing::warn!(table = table.name, "partitions of another kind, left as they are");
        return Ok(Vec::new());
    };
    all.sort_unstable_by_key(|partition| partition.from);
    Ok(all)
}

/// Returns whether the role may change a table and its partitions. Asked before any lock is requested: a
/// statement that is going to be refused would first wait for the lock.
pub(super) async fn may_change(work: &mut Work, table: Table) -> Result<bool, StoreError> {
    let sql = format!(
        "SELECT CAST(count(*) FILTER (WHERE NOT pg_has_role(relowner, 'USAGE') \
         OR NOT has_schema_privilege(relnamespace, 'CREATE')) AS bigint) FROM pg_class \
         WHERE oid = to_regclass('{name}') \
         OR oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = to_regclass('{name}'))",
        name = table.name
    );
    Ok(number(work, sql).await? == 0)
}

/// Lets the rest of the transaction act as the owner of a table, so that its partitions have the same owner.
pub(super) async fn act_as_owner(work: &mut Work, table: Table) -> Result<(), StoreError> {
    let owner =
        format!("SELECT CAST(relowner AS regrole) FROM pg_class WHERE oid = to_regclass('{}')", table.name);
    run(work, format!("DO $$ BEGIN EXECUTE 'SET LOCAL ROLE ' || ({owner}); END $$")).await
}

/// Returns the number of rows of a query, at most `most` + 1.
pub(super) async fn count_up_to(work: &mut Work, rows: &str, most: i64) -> Result<i64, StoreError> {
    number(
        work,
        format!("SELECT count(*) FROM (SELECT 1 FROM ({rows}) AS found LIMIT {}) AS counted", most + 1),
    )
    .await
}
