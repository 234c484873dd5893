//! The database: SQLite or PostgreSQL.

use super::error::BuildError;
use super::missing::{Missing, absolute, is_missing};
use crate::adapters::sqlx::{PoolOptions, SqlxStore};
use crate::config::{DatabaseSettings, DatabaseUrl};
use crate::ports::StoreError;

pub(super) fn open_store(database: &DatabaseSettings, missing: Missing) -> Result<SqlxStore, StoreError> {
    let options = PoolOptions {
        max_connections: database.max_connections,
        acquire_timeout: database.acquire_timeout,
        statement_timeout: database.statement_timeout,
        pooler: database.pooler,
        direct: match &database.direct_url {
            Some(DatabaseUrl::Postgres(url)) => Some(url.into()),
            Some(DatabaseUrl::Sqlite(_)) | None => None,
        },
    };
    match &database.url {
        DatabaseUrl::Sqlite(path) if missing == Missing::Created => SqlxStore::open_sqlite(path, &options),
        DatabaseUrl::Sqlite(path) => Ok(SqlxStore::open_existing_sqlite(path, &options)),
        DatabaseUrl::Postgres(url) => SqlxStore::open_postgres(&url.into(), &options),
    }
}

/// Fails if an embedded database is missing, and is not to be.
pub(super) fn refuse_missing(database: &DatabaseSettings, missing: Missing) -> Result<(), BuildError> {
    match &database.url {
        DatabaseUrl::Sqlite(path) if missing == Missing::Refused && is_missing(path) => {
            Err(BuildError::NoDatabase(absolute(path)))
        }
        DatabaseUrl::Sqlite(_) | DatabaseUrl::Postgres(_) => Ok(()),
    }
}
