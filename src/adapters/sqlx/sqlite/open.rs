use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::failure::blocked;
use crate::adapters::sqlx::options::PoolOptions;
use crate::adapters::sqlx::run::Pool;
use crate::adapters::sqlx::store::SqlxStore;
use crate::ports::store::StoreError;

/// How long a writer of SQLite waits at least: writers of this process queue for the one connection, those of
/// other processes for the lock on the file. The time includes that to open the connection, so a longer
/// [`PoolOptions::acquire_timeout`] holds for writers too.
const SQLITE_TURN: Duration = Duration::from_secs(5);

/// The name of a database that SQLite keeps in memory, one for each connection.
const MEMORY: &str = ":memory:";

impl SqlxStore {
    /// Opens the database in this file. Creates the file and its folder, readable only by their owner, if
    /// they do not exist. Connects on first use. Must be called inside a Tokio runtime.
    pub fn open_sqlite(path: &Path, options: &PoolOptions) -> Result<Self, StoreError> {
        make_file(path)
            .map_err(|error| blocked(format_args!("failed to create {}", path.display()), &error))?;
        Ok(Self::open_file(path, options))
    }

    /// Opens the database in this file, and creates nothing. If the file does not exist, the store is that of
    /// an empty database, to which no migration has been applied. Must be called inside a Tokio runtime.
    #[must_use]
    pub fn open_existing_sqlite(path: &Path, options: &PoolOptions) -> Self {
        // A folder that may not be read is no missing file: opening it reports the right that is missing.
        let exists = path.try_exists().unwrap_or(true);
        Self::open_file(if exists { path } else { MEMORY.as_ref() }, options)
    }

    fn open_file(path: &Path, options: &PoolOptions) -> Self {
        let turn = SQLITE_TURN.max(options.acquire_timeout);
        let file = SqliteConnectOptions::new().filename(path).busy_timeout(turn);
        // Connections to a file neither break nor go stale, so none is tested or renewed.
        let pool =
            || SqlitePoolOptions::new().test_before_acquire(false).idle_timeout(None).max_lifetime(None);
        let readers = |count| {
            pool()
                .max_connections(count)
                .acquire_timeout(options.acquire_timeout)
                .connect_lazy_with(file.clone().read_only(true))
        };
        let (readers, change_feed, worker) = (readers(options.max_connections), readers(1), readers(1));
        let writer = pool()
            .max_connections(1)
            .acquire_timeout(turn)
            .before_acquire(|connection, _| {
                // A full disk can leave a transaction that could be neither committed nor rolled back. Such a
                // connection is replaced.
                Box::pin(async move { Ok(!connection.is_in_transaction()) })
            })
            .connect_lazy_with(
                file.clone()
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true),
            );
        Self {
            readers: Pool::Sqlite(readers),
            worker_writer: Pool::Sqlite(writer.clone()),
            schema: Pool::Sqlite(writer.clone()),
            writer: Pool::Sqlite(writer),
            change_feed: Pool::Sqlite(change_feed),
            worker: Pool::Sqlite(worker),
            direct: None,
            signals: Arc::default(),
            writable: Arc::default(),
        }
    }
}

/// Creates the file and its folder unless they exist. SQLite creates the file only for a writer, and a reader
/// may come first.
fn make_file(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    // An existing file is never opened here: closing it would drop the locks that SQLite holds on it in this
    // process (POSIX locks belong to the process).
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
