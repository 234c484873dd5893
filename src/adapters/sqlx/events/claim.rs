//! Claims of rows. On PostgreSQL many processes claim at once, so each skips the rows that another one is
//! claiming; on SQLite a unit of work already has the whole database to itself.

use futures_util::TryFutureExt;

use crate::adapters::sqlx::run::{Tx, in_work};
use crate::adapters::sqlx::unit_of_work::Work;
use crate::ports::store::StoreError;

/// Makes a [`Statement`](crate::adapters::sqlx::statement::Statement) from the text of a `SELECT`, which is
/// called `due`, and the text of an `UPDATE`; of a partitioned table, the text before and after the condition
/// that `$column` is one that it finds. An array is looked up in an index, whatever the planner estimates; a
/// join could read all partitions.
macro_rules! claiming {
    ($due:expr, $update:expr $(,)?) => {
        Statement {
            postgres: const_format::concatcp!(
                "WITH due AS MATERIALIZED (",
                $due,
                " FOR UPDATE SKIP LOCKED) ",
                $update
            ),
            sqlite: const_format::concatcp!("WITH due AS MATERIALIZED (", $due, ") ", $update),
        }
    };
    ($due:expr, $update:expr, $column:literal, $behind:expr $(,)?) => {
        Statement {
            postgres: const_format::concatcp!(
                "WITH due AS MATERIALIZED (",
                $due,
                " FOR UPDATE SKIP LOCKED) ",
                $update,
                $column,
                " = ANY (ARRAY(SELECT ",
                $column,
                " FROM due))",
                $behind
            ),
            sqlite: const_format::concatcp!(
                "WITH due AS MATERIALIZED (",
                $due,
                ") ",
                $update,
                $column,
                " IN (SELECT ",
                $column,
                " FROM due)",
                $behind
            ),
        }
    };
}
pub(in crate::adapters::sqlx) use claiming;

/// Makes a statement that takes an advisory lock, and sets how the rest of the transaction is planned: it
/// reads indexes in their order, and plans as [`plans`] says, whose value is `$1`. While a partition has no
/// statistics, the planner would otherwise read a backlog and sort it for each claim, or read small
/// partitions as a whole.
macro_rules! lock {
    ($key:literal) => {
        const_format::concatcp!(
            "SELECT pg_advisory_xact_lock(7566947, ",
            $key,
            "), set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true), \
             set_config('plan_cache_mode', $1, true)"
        )
    };
}

/// Takes the lock of claims from the outbox. The key only has to be unique: it spells `svc` and `out`.
const ONE_AT_A_TIME: &str = lock!("7304564");

/// Serializes claims from the outbox: a claim in an open transaction is not visible yet, and a later event of
/// the same user must not be claimed at the same time.
pub(in crate::adapters::sqlx) async fn one_at_a_time(work: &mut Work) -> Result<(), StoreError> {
    let Some(plans) = plans(&work.tx) else { return Ok(()) };
    in_work!(work, |db| sqlx::query(ONE_AT_A_TIME).bind(plans).execute(db).map_ok(drop))
}

/// The key is `svc` and a hash of the handler's name. Two handlers with the same hash only wait for each
/// other.
const ONE_PER_HANDLER: &str = lock!("hashtext($2)");

/// Serializes the claims of a handler: a claim in an open transaction is not visible yet, and a later entry
/// of the same user must not be claimed at the same time.
pub(in crate::adapters::sqlx) async fn one_per_handler(
    work: &mut Work,
    handler: &str,
) -> Result<(), StoreError> {
    let Some(plans) = plans(&work.tx) else { return Ok(()) };
    in_work!(work, |db| sqlx::query(ONE_PER_HANDLER).bind(plans).bind(handler).execute(db).map_ok(drop))
}

/// Returns the value of `plan_cache_mode` for a claim; `None` for SQLite.
///
/// A session that keeps its prepared statements plans a claim once, and leaves out the partitions without
/// open work when it runs. Otherwise PostgreSQL plans each claim for its parameters, as long as it expects
/// that to be cheaper, and takes 60 ms for 40 partitions. A session that keeps none plans each claim anyway:
/// there a plan for the parameters has fewer partitions.
fn plans(tx: &Tx) -> Option<&'static str> {
    match tx {
        Tx::Postgres(lease, _) if lease.keeps_statements() => Some("force_generic_plan"),
        Tx::Postgres(..) => Some("auto"),
        Tx::Sqlite(_) => None,
    }
}

/// Runs a statement that only PostgreSQL knows.
pub(in crate::adapters::sqlx) async fn run_on_postgres(
    work: &mut Work,
    statement: &'static str,
) -> Result<(), StoreError> {
    in_work!(work, |db| sqlx::query(statement).execute(db).map_ok(drop))
}
