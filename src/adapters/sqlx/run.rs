//! Runs one SQL statement on either database.

use std::time::Duration;

use sqlx::{Sqlite, SqlitePool, Transaction};

use super::postgres::{ConnectionPool, PooledConnection};
use crate::ports::store::StoreError;

/// Connections to one of the two databases.
#[derive(Clone)]
pub(super) enum Pool {
    Postgres(ConnectionPool, Patience),
    Sqlite(SqlitePool),
}

/// A transaction on one of the two databases. Dropping it rolls it back.
pub(super) enum Tx {
    Postgres(PooledConnection, Patience),
    Sqlite(Transaction<'static, Sqlite>),
}

/// How long to wait for an answer of PostgreSQL. The server cancels its own slow statements, but not while it
/// is frozen or cut off, and TCP alone would wait for a quarter of an hour.
#[derive(Clone, Copy)]
pub(super) struct Patience(pub(super) Duration);

impl Pool {
    pub(super) async fn close(&self) {
        match self {
            Self::Postgres(pool, _) => pool.close().await,
            Self::Sqlite(pool) => pool.close().await,
        }
    }
}

impl Patience {
    pub(super) async fn wait<T>(
        self,
        answer: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        match tokio::time::timeout(self.0, answer).await {
            Ok(answer) => answer,
            Err(_) => Err(StoreError::Unavailable(format!("no answer within {:?}", self.0))),
        }
    }
}

/// Begins the span of the statement of the function in which this is expanded.
macro_rules! span_here {
    ($on:expr) => {{
        fn here() {}
        $crate::adapters::sqlx::span::statement(
            $on.system(),
            module_path!(),
            std::any::type_name_of_val(&here),
        )
    }};
}
pub(super) use span_here;

/// Runs one statement outside a transaction.
macro_rules! on_pool {
    ($pool:expr, |$db:ident| $statement:expr) => {{
        let span = $crate::adapters::sqlx::run::span_here!($pool);
        let result = match $pool {
            Pool::Postgres(pool, patience) => {
                let answer = async {
                    let mut lease = pool.for_statement().await?;
                    let $db = lease.connection()?;
                    match $statement.await {
                        Ok(answer) => lease.finish().await.map(|()| answer),
                        Err(error) => Err(lease.failed(error)),
                    }
                };
                patience.wait(answer).await
            }
            Pool::Sqlite($db) => {
                $statement.await.map_err(|error| $crate::adapters::sqlx::sqlite::failure(error, $db))
            }
        };
        $crate::adapters::sqlx::span::end(span, result)
    }};
}
pub(super) use on_pool;

/// Runs one statement in a unit of work. After an error, the unit of work can only be dropped.
macro_rules! in_work {
    ($work:expr, |$db:ident| $statement:expr) => {{
        let span = $crate::adapters::sqlx::run::span_here!($work.tx);
        let result = match &mut $work.tx {
            Tx::Postgres(lease, patience) => {
                let answer = async {
                    let $db = lease.connection()?;
                    let answer = $statement.await;
                    answer.map_err(|error| lease.failed(error))
                };
                patience.wait(answer).await
            }
            Tx::Sqlite(tx) => {
                let $db = &mut **tx;
                $statement.await.map_err(<StoreError as From<sqlx::Error>>::from)
            }
        };
        $work.failed |= result.is_err();
        $crate::adapters::sqlx::span::end(span, result)
    }};
}
pub(super) use in_work;
