//! Statements that may take longer than those of a request: those of jobs and of the command line.

use std::sync::Arc;
use std::time::Duration;

use futures_util::TryFutureExt;

use super::events::signals::Signals;
use super::run::{Pool, Tx, in_work};
use super::unit_of_work::Work;
use crate::ports::store::StoreError;

/// The time after which PostgreSQL cancels such a statement. It is longer than the limit of requests, because
/// no request waits for it and a job that is always cancelled would never make progress. It is shorter than
/// the lease of a job.
const LIMIT: Duration = Duration::from_secs(10);
/// `SET LOCAL` ends with the transaction, so the limit reaches no other statement on the same connection,
/// even through a pooler.
const SET_LIMIT: &str = "SET LOCAL statement_timeout = 10000";
const _: () = assert!(LIMIT.as_millis() == 10_000);

impl Work {
    /// Begins a transaction whose statements have the longer limit on PostgreSQL.
    pub(super) async fn begin_long(pool: &Pool, signals: &Arc<Signals>) -> Result<Self, StoreError> {
        let mut work = Self::begin(pool, signals).await?;
        if let Tx::Postgres(_, patience) = &mut work.tx {
            patience.0 += LIMIT;
            in_work!(work, |db| sqlx::query(SET_LIMIT).execute(db).map_ok(drop))?;
        }
        Ok(work)
    }
}

/// Runs one statement outside a transaction, with the longer limit, on a pool of a store. SQLite has no
/// limit.
macro_rules! long_statement {
    ($store:ident.$pool:ident, |$db:ident| $statement:expr) => {
        match &$store.$pool {
            pool @ $crate::adapters::sqlx::run::Pool::Postgres(..) => {
                let answer = async {
                    use $crate::adapters::sqlx::run::Tx;
                    use $crate::ports::store::UnitOfWork as _;
                    let mut work =
                        $crate::adapters::sqlx::unit_of_work::Work::begin_long(pool, &$store.signals).await?;
                    let answer = $crate::adapters::sqlx::run::in_work!(work, |$db| $statement)?;
                    Box::new(work).commit().await?;
                    Ok::<_, StoreError>(answer)
                };
                answer.await
            }
            $crate::adapters::sqlx::run::Pool::Sqlite($db) => {
                $statement.await.map_err(|error| $crate::adapters::sqlx::sqlite::failure(error, $db))
            }
        }
    };
}
pub(super) use long_statement;
