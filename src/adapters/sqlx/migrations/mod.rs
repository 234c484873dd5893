pub(super) mod indexes;
pub(super) mod postgres;
mod status;

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::migrate::{Migrate, Migrator};
use tokio::time::sleep;

use self::status::status;
use super::postgres::Sessions;
use super::run::{Patience, Pool, on_pool};
use super::sqlite;
use super::store::SqlxStore;
use crate::ports::store::{StoreError, Unusable};
use crate::ports::{Migration, Migrations};

/// How often to check whether another process has finished its migration.
const LOCK_POLL: Duration = Duration::from_millis(20);

pub(super) static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");
static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long connecting to the server for a migration may take.
const CONNECT: Patience = Patience(Duration::from_secs(10));

const APPLIED: &str = "SELECT version FROM _sqlx_migrations ORDER BY version";
const POSTGRES_IS_NEW: &str = "SELECT to_regclass('_sqlx_migrations') IS NULL";
const SQLITE_IS_NEW: &str =
    "SELECT NOT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations')";

#[async_trait]
impl Migrations for SqlxStore {
    async fn status(&self) -> Result<Vec<Migration>, StoreError> {
        let (known, is_new) = match self.readers {
            Pool::Postgres(..) => (&POSTGRES, POSTGRES_IS_NEW),
            Pool::Sqlite(_) => (&SQLITE, SQLITE_IS_NEW),
        };
        let is_new: bool = on_pool!(&self.readers, |db| sqlx::query_scalar(is_new).fetch_one(db))?;
        let applied: Vec<i64> = if is_new {
            Vec::new()
        } else {
            on_pool!(&self.readers, |db| sqlx::query_scalar(APPLIED).fetch_all(db))?
        };
        Ok(status(known, &applied))
    }

    async fn up(&self) -> Result<Vec<Migration>, StoreError> {
        match &self.writer {
            Pool::Postgres(..) => {
                let direct = self.direct.as_ref().ok_or_else(no_session)?;
                migrate_server(direct).await.map_err(|error| direct.named(error))
            }
            Pool::Sqlite(pool) => {
                // Taken before the first connection, which switches the file to write-ahead logging: two
                // processes that do this at once fail.
                let _lock = lock_beside(pool.connect_options().get_filename()).await?;
                let connection = pool.acquire().await.map_err(|error| sqlite::failure(error, pool));
                migrate(&SQLITE, &mut *connection?).await
            }
        }
    }
}

/// Migrates on a connection of its own, outside the pool and without the limits of requests: a busy server,
/// the migration of another process or the change of a large table may take longer.
async fn migrate_server(direct: &Sessions) -> Result<Vec<Migration>, StoreError> {
    let connection = CONNECT.wait(direct.connect_unlimited()).await?;
    postgres::up(&POSTGRES, connection, direct).await
}

/// Returns the error for a database behind a pooler: the lock of a migration belongs to a session, and would
/// outlive a transaction there.
fn no_session() -> StoreError {
    let reason = "migrations need their own session of the server, which database.pooler = \"transaction\" does not provide: \
                  set database.direct_url to the server itself";
    StoreError::Unusable(Unusable::Address, reason.to_owned())
}

/// Applies the pending migrations and returns them. The caller holds the lock.
async fn migrate(known: &Migrator, connection: &mut impl Migrate) -> Result<Vec<Migration>, StoreError> {
    connection.ensure_migrations_table(&known.table_name).await?;
    let applied = connection.list_applied_migrations(&known.table_name).await?;
    let applied: Vec<i64> = applied.into_iter().map(|migration| migration.version).collect();
    let pending = status(known, &applied).into_iter().filter(|migration| !migration.applied);
    // Fails if the database is newer than this binary. `run` cannot be called from a boxed future; sqlx
    // offers `run_direct` instead.
    known.run_direct(None, connection, false).await?;
    Ok(pending.map(|migration| Migration { applied: true, ..migration }).collect())
}

/// Waits for the lock that one process at a time holds while it migrates a SQLite database. The lock is
/// released when the file is dropped, also by the end of the process.
///
/// The lock is polled: a thread that waits for it could not be stopped, and the process could not end before
/// it.
async fn lock_beside(database: &Path) -> Result<File, StoreError> {
    let failed =
        |error: std::io::Error| StoreError::Unavailable(format!("failed to lock the migrations: {error}"));
    let mut path = database.as_os_str().to_owned();
    path.push(".migrate-lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path);
    let file = file.map_err(|error| sqlite::blocked("failed to lock the migrations", &error))?;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => sleep(LOCK_POLL).await,
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
    }
}
