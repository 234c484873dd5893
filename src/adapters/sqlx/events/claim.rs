//! Claims of rows. On PostgreSQL many processes claim at once, so each skips the rows that another one is
//! claiming; on SQLite a unit of work already has the whole database to itself.

use futures_util::TryFutureExt;

use crate::adapters::sqlx::run::{Tx, in_work};
use crate::adapters::sqlx::unit_of_work::Work;
use crate::ports::store::StoreError;

/// Makes a [`Statement`](crate::adapters::sqlx::statement::Statement) from the text of a `SELECT`, which is
/// called `due`, and of an `UPDATE` of the rows that it finds.
macro_rules! claiming {
    ($due:expr, $update:expr $(,)?) => {
        Statement {
            postgres: concat!("WITH due AS MATERIALIZED (", $due, " FOR UPDATE SKIP LOCKED) ", $update),
            sqlite: concat!("WITH due AS MATERIALIZED (", $due, ") ", $update),
        }
    };
}
pub(in crate::adapters::sqlx) use claiming;

/// Takes the advisory lock of claims from the outbox. The key only has to be unique: it spells `svc` and
/// `out`.
const ONE_AT_A_TIME: &str = "SELECT pg_advisory_xact_lock(7566947, 7304564)";

/// Serializes claims from the outbox: a claim in an open transaction is not visible yet, and a later event of
/// the same user must not be claimed at the same time.
pub(in crate::adapters::sqlx) async fn one_at_a_time(work: &mut Work) -> Result<(), StoreError> {
    if let Tx::Sqlite(_) = work.tx {
        return Ok(());
    }
    run_on_postgres(work, ONE_AT_A_TIME).await
}

/// The key is `svc` and a hash of the handler's name. Two handlers with the same hash only wait for each
/// other.
const ONE_PER_HANDLER: &str = "SELECT pg_advisory_xact_lock(7566947, hashtext($1))";

/// Serializes the claims of a handler: a claim in an open transaction is not visible yet, and a later entry
/// of the same user must not be claimed at the same time.
pub(in crate::adapters::sqlx) async fn one_per_handler(
    work: &mut Work,
    handler: &str,
) -> Result<(), StoreError> {
    if let Tx::Sqlite(_) = work.tx {
        return Ok(());
    }
    in_work!(work, |db| sqlx::query(ONE_PER_HANDLER).bind(handler).execute(db).map_ok(drop))
}

/// Runs a statement that only PostgreSQL knows.
pub(in crate::adapters::sqlx) async fn run_on_postgres(
    work: &mut Work,
    statement: &'static str,
) -> Result<(), StoreError> {
    in_work!(work, |db| sqlx::query(statement).execute(db).map_ok(drop))
}
