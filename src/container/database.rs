//! The database: SQLite or PostgreSQL.

use super::error::BuildError;
use super::missing::{Missing, absolute};
use crate::adapters::sqlx::{PoolOptions, Pooler, PostgresServers, SqlxStore, Target};
use crate::config::{DatabaseSettings, DatabaseUrl, PoolerSetting, PostgresUrl, SessionTarget};
use crate::ports::StoreError;

pub(super) fn open_store(database: &DatabaseSettings, missing: Missing) -> Result<SqlxStore, StoreError> {
    let options = PoolOptions {
        max_connections: database.max_connections,
        acquire_timeout: database.acquire_timeout,
        statement_timeout: database.statement_timeout,
        pooler: match database.pooler {
            PoolerSetting::Session => Pooler::Session,
            PoolerSetting::Transaction => Pooler::Transaction,
        },
        direct: match &database.direct_url {
            Some(DatabaseUrl::Postgres(url)) => Some(postgres(url)),
            Some(DatabaseUrl::Sqlite(_)) | None => None,
        },
    };
    match &database.url {
        DatabaseUrl::Sqlite(path) if missing == Missing::Created => SqlxStore::open_sqlite(path, &options),
        DatabaseUrl::Sqlite(path) => Ok(SqlxStore::open_existing_sqlite(path, &options)),
        DatabaseUrl::Postgres(url) => SqlxStore::open_postgres(&postgres(url), &options),
    }
}

/// Fails if an embedded database is missing, and is not to be.
pub(super) fn refuse_missing(database: &DatabaseSettings, missing: Missing) -> Result<(), BuildError> {
    match &database.url {
        DatabaseUrl::Sqlite(path) if missing == Missing::Refused && !path.exists() => {
            Err(BuildError::NoDatabase(absolute(path)))
        }
        DatabaseUrl::Sqlite(_) | DatabaseUrl::Postgres(_) => Ok(()),
    }
}

fn postgres(url: &PostgresUrl) -> PostgresServers {
    let target = match url.target {
        SessionTarget::Any => Target::Any,
        SessionTarget::ReadWrite => Target::ReadWrite,
        SessionTarget::Primary => Target::Primary,
    };
    PostgresServers { urls: url.each_host(), target }
}
