//! A connection to PostgreSQL that runs statements.

use std::future::ready;

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArguments, PgQueryResult, PgRow, PgStatement, PgTypeInfo};
use sqlx::{Describe, Either, Error, Execute, Executor, PgConnection, Postgres, SqlStr};

/// A connection that runs statements, prepared with or without a name.
///
/// Behind a pooler that gives each transaction another server session, a name that one process prepared is a
/// different statement of another process, because the driver numbers the names. There, every statement is
/// unnamed and ends with its transaction.
#[derive(Debug)]
pub(in crate::adapters::sqlx) struct Connection<'c> {
    pub(super) inner: &'c mut PgConnection,
    /// Whether the session belongs to this connection alone, so that it can keep prepared statements.
    pub(super) keeps_statements: bool,
}

/// A query whose statement the driver keeps only if `keeps_statements` is true.
struct Asked<E> {
    query: E,
    keeps_statements: bool,
}

impl<'q, E: Execute<'q, Postgres>> Execute<'q, Postgres> for Asked<E> {
    fn sql(self) -> SqlStr {
        self.query.sql()
    }

    fn statement(&self) -> Option<&PgStatement> {
        self.query.statement()
    }

    fn take_arguments(&mut self) -> Result<Option<PgArguments>, BoxDynError> {
        self.query.take_arguments()
    }

    fn persistent(&self) -> bool {
        self.keeps_statements && self.query.persistent()
    }
}

impl<'c> Executor<'c> for Connection<'c> {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<PgQueryResult, PgRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        self.inner.fetch_many(Asked { query, keeps_statements: self.keeps_statements })
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        self.inner.fetch_optional(Asked { query, keeps_statements: self.keeps_statements })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, Error>>
    where
        'c: 'e,
    {
        if !self.keeps_statements {
            return Box::pin(ready(Err(unnamed())));
        }
        self.inner.prepare_with(sql, parameters)
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Postgres>, Error>>
    where
        'c: 'e,
    {
        if !self.keeps_statements {
            return Box::pin(ready(Err(unnamed())));
        }
        self.inner.describe(sql)
    }
}

/// Returns the error of `prepare_with` and `describe`, where the driver always names the statement.
fn unnamed() -> Error {
    Error::Protocol("a prepared statement needs its own session of the server".to_owned())
}
