//! Claiming work. On PostgreSQL many claim at once, so each passes over the rows that another one is just
//! taking; on SQLite a unit of work has the whole database to itself already.

use futures_util::TryFutureExt;

use crate::adapters::sqlx::run::{Tx, in_work};
use crate::adapters::sqlx::unit_of_work::Work;
use crate::ports::store::StoreError;

/// Makes a [`Statement`](crate::adapters::sqlx::statement::Statement) of the text of a `SELECT`, which is
/// called `due`, and of an `UPDATE` of what it finds.
macro_rules! claiming {
    ($due:expr, $update:expr $(,)?) => {
        Statement {
            postgres: concat!("WITH due AS MATERIALIZED (", $due, " FOR UPDATE SKIP LOCKED) ", $update),
            sqlite: concat!("WITH due AS MATERIALIZED (", $due, ") ", $update),
        }
    };
}
pub(in crate::adapters::sqlx) use claiming;

/// The key of the advisory lock, which means nothing but is ours: `svc` and `out`.
const ONE_AT_A_TIME: &str = "SELECT pg_advisory_xact_lock(7566947, 7304564)";

/// Has those who claim from the outbox do so one after the other: what another one is just claiming cannot be
/// seen yet, and a later event of the same user must not be claimed beside it.
pub(in crate::adapters::sqlx) async fn one_at_a_time(work: &mut Work) -> Result<(), StoreError> {
    if let Tx::Sqlite(_) = work.tx {
        return Ok(());
    }
    tell_postgres(work, ONE_AT_A_TIME).await
}

/// `svc`, and a number for each handler. Two handlers with the same number only wait for each other.
const ONE_PER_HANDLER: &str = "SELECT pg_advisory_xact_lock(7566947, hashtext($1))";

/// Has claims of entries of one handler follow one another: an entry that an open transaction has just
/// claimed is not visible yet, and a later entry of the same user must not be claimed beside it.
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
pub(in crate::adapters::sqlx) async fn tell_postgres(
    work: &mut Work,
    statement: &'static str,
) -> Result<(), StoreError> {
    in_work!(work, |db| sqlx::query(statement).execute(db).map_ok(drop))
}
