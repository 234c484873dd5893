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
/// is therefore ended earlier, and a wait for the lock much earlier: it is tried again. What a transaction
/// reads has an index, which the planner would leave out for a partition that has not been analyzed.
const LIMITS: &str = "SET LOCAL lock_timeout = 300; SET LOCAL statement_timeout = 5000; \
     SET LOCAL enable_seqscan = off; SET LOCAL client_min_messages = warning";
pub(super) const WITH_LOCK: &str = "SET LOCAL statement_timeout = 700";

/// The largest number of rows that are moved when their partition is divided or removed, which others wait
/// for.
pub(super) const MOVED_AT_ONCE: i64 = 1000;

/// A partition with more bytes is not extended: PostgreSQL would have to read all of it.
const LARGE: i64 = 64 << 20;

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

    /// The same as the owner of a table. Call it only if the role [may](may_change).
    pub(super) async fn begin_change_of(&self, table: Table) -> Result<Work, StoreError> {
        let mut work = self.begin_change().await?;
        act_as_owner(&mut work, table).await?;
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

/// Returns whether the role may act as the owner of a table and of its partitions, and whether the owner may
/// do what a change takes, temporary tables among them. Asked before any lock is requested: a statement that
/// is going to be refused would first wait for the lock.
pub(super) async fn may_change(work: &mut Work, table: Table) -> Result<bool, StoreError> {
    let version = "SELECT CAST(current_setting('server_version_num') AS bigint)".to_owned();
    let right = right_to_act_as(number(work, version).await?);
    let sql = format!(
        "SELECT CAST(count(*) FILTER (WHERE NOT pg_has_role(relowner, '{right}') \
         OR NOT has_schema_privilege(relowner, relnamespace, 'CREATE') \
         OR NOT has_database_privilege(relowner, current_database(), 'TEMP')) AS bigint) FROM pg_class \
         WHERE oid = to_regclass('{name}') \
         OR oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = to_regclass('{name}'))",
        name = table.name
    );
    Ok(number(work, sql).await? == 0)
}

/// Returns what `pg_has_role` calls the right to `SET ROLE` on a server of this version. Since PostgreSQL 16
/// a membership can be without it.
const fn right_to_act_as(server_version: i64) -> &'static str {
    if server_version >= 160_000 { "SET" } else { "MEMBER" }
}

/// Lets the rest of the transaction act as the owner of a table, so that its partitions have the same owner.
pub(super) async fn act_as_owner(work: &mut Work, table: Table) -> Result<(), StoreError> {
    let owner =
        format!("SELECT CAST(relowner AS regrole) FROM pg_class WHERE oid = to_regclass('{}')", table.name);
    run(work, format!("DO $$ BEGIN EXECUTE 'SET LOCAL ROLE ' || ({owner}); END $$")).await
}

/// Keeps vacuum away from partitions until the end of the transaction. PostgreSQL ends an autovacuum for a
/// session that waits, but only after `deadlock_timeout`. Neither readers nor writers wait behind this lock,
/// so the wait for it can be that long.
pub(super) async fn keep_vacuum_away(work: &mut Work, partitions: &[&Partition]) -> Result<(), StoreError> {
    let names: Vec<&str> = partitions.iter().map(|partition| &*partition.name).collect();
    let sql = format!(
        "SELECT set_config('lock_timeout', CAST(500 + CAST(1000 * extract(epoch FROM \
         CAST(current_setting('deadlock_timeout') AS interval)) AS bigint) AS text), true); \
         LOCK TABLE ONLY {} IN SHARE UPDATE EXCLUSIVE MODE; SET LOCAL lock_timeout = 300",
        names.join(", ONLY ")
    );
    run(work, sql).await
}

/// Returns whether it takes long to read a partition.
pub(super) async fn is_large(work: &mut Work, partition: &Partition) -> Result<bool, StoreError> {
    let bytes = format!("SELECT pg_relation_size(CAST('{}' AS regclass))", partition.name);
    Ok(number(work, bytes).await? > LARGE)
}

/// Returns the number of rows of a query, at most `most` + 1.
pub(super) async fn count_up_to(work: &mut Work, rows: &str, most: i64) -> Result<i64, StoreError> {
    number(
        work,
        format!("SELECT count(*) FROM (SELECT 1 FROM ({rows}) AS found LIMIT {}) AS counted", most + 1),
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_to_act_as_a_role_has_its_own_name_since_postgresql_16() {
        assert_eq!([150_018, 159_999].map(right_to_act_as), ["MEMBER"; 2]);
        assert_eq!([160_000, 180_001].map(right_to_act_as), ["SET"; 2]);
    }
}
