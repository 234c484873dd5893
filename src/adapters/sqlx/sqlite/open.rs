use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::adapters::sqlx::SqlxStore;
use crate::adapters::sqlx::options::PoolOptions;
use crate::adapters::sqlx::run::Pool;
use crate::ports::store::StoreError;

/// How long a writer of SQLite waits for its turn: those of this process queue for the one connection, those of
/// others for the lock on the file.
const SQLITE_TURN: Duration = Duration::from_secs(5);

impl SqlxStore {
    /// Opens the database in this file. Makes the file and its folder, readable by their owner alone, when they
    /// are missing; connects when it is first used. To be called inside a Tokio runtime.
    pub fn open_sqlite(path: &Path, options: &PoolOptions) -> Result<Self, StoreError> {
        make_file(path)
            .map_err(|error| StoreError::Unavailable(format!("cannot make {}: {error}", path.display())))?;
        let file = SqliteConnectOptions::new().filename(path).busy_timeout(SQLITE_TURN);
        // The connections are those of a file: they neither break nor go stale, so none is tried or renewed.
        let pool =
            || SqlitePoolOptions::new().test_before_acquire(false).idle_timeout(None).max_lifetime(None);
        let readers = |count| {
            pool()
                .max_connections(count)
                .acquire_timeout(options.acquire_timeout)
                .connect_lazy_with(file.clone().read_only(true))
        };
        let (readers, follower, worker) = (readers(options.max_connections), readers(1), readers(1));
        let writer = pool()
            .max_connections(1)
            .acquire_timeout(SQLITE_TURN)
            .before_acquire(|connection, _| {
                // A full disk can leave a transaction that could be neither committed nor undone: begin anew without it.
                Box::pin(async move { Ok(!connection.is_in_transaction()) })
            })
            .connect_lazy_with(
                file.clone()
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true),
            );
        Ok(Self {
            readers: Pool::Sqlite(readers),
            worker_writer: Pool::Sqlite(writer.clone()),
            writer: Pool::Sqlite(writer),
            follower: Pool::Sqlite(follower),
            worker: Pool::Sqlite(worker),
            direct: None,
            signals: Arc::default(),
            writable: Arc::default(),
        })
    }
}

/// Makes the file and its folder unless they exist. SQLite could make the file, but only its writer, and a
/// reader may come first.
fn make_file(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    // A file that exists is never opened: closing it would drop the locks that SQLite holds on it in this
    // process (POSIX locks belong to the process).
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
