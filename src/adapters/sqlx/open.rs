use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::SqlxStore;
use super::lease::Leases;
use super::run::{Patience, Pool};
use crate::ports::store::StoreError;

/// How many connections there are, and how long anything waits.
#[derive(Clone, Debug)]
pub struct PoolOptions {
    /// At most. On SQLite these are the readers; the writer is one more.
    pub max_connections: u32,
    /// How long to wait for a free or a new connection.
    pub acquire_timeout: Duration,
    /// How long PostgreSQL works on one statement. SQLite, which nobody else slows down, has no such limit.
    pub statement_timeout: Duration,
}

/// How long a writer of SQLite waits for its turn: those of this process queue for the one connection, those of
/// others for the lock on the file.
const SQLITE_TURN: Duration = Duration::from_secs(5);

/// How long a statement of PostgreSQL waits for a lock that another one holds.
const LOCK_TIMEOUT: Duration = Duration::from_secs(1);

/// After which PostgreSQL ends a transaction that does nothing, so that a lost client holds no locks.
const IDLE_TRANSACTION: Duration = Duration::from_secs(5);

/// The connections to PostgreSQL that the relay and the handlers' queues share. One more listens.
const WORKER: u32 = 2;

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
            signals: Arc::default(),
        })
    }

    /// Takes the address of a PostgreSQL server (`postgres://…`), and is refused only when that is malformed:
    /// it connects when it is first used, so a server that is down now may come up later. To be called, and
    /// dropped, inside a Tokio runtime.
    pub fn open_postgres(url: &SecretString, options: &PoolOptions) -> Result<Self, StoreError> {
        let server = parse(url.expose_secret())
            .ok_or_else(|| StoreError::Unavailable("the URL is not one of PostgreSQL".to_owned()))?;
        let milliseconds = |limit: Duration| limit.as_millis().to_string();
        let server = server.options([
            ("statement_timeout", milliseconds(options.statement_timeout)),
            ("lock_timeout", milliseconds(LOCK_TIMEOUT)),
            ("idle_in_transaction_session_timeout", milliseconds(IDLE_TRANSACTION)),
        ]);
        let patience = Patience(options.acquire_timeout + options.statement_timeout);
        let leases = |count, beside| {
            let pool =
                PgPoolOptions::new().max_connections(count + beside).acquire_timeout(options.acquire_timeout);
            let pool = pool.connect_lazy_with(server.clone());
            Pool::Postgres(Leases::new(pool, count, options.acquire_timeout, patience.0), patience)
        };
        let (requests, worker) = (leases(options.max_connections, 0), leases(WORKER, 1));
        Ok(Self {
            readers: requests.clone(),
            writer: requests,
            follower: leases(1, 0),
            worker_writer: worker.clone(),
            worker,
            signals: Arc::default(),
        })
    }
}

/// `None` when it is malformed: why is not told, since the parser's words may repeat a part of the URL. The
/// parser takes any scheme, so that is checked first.
fn parse(url: &str) -> Option<PgConnectOptions> {
    let ours = url.starts_with("postgres://") || url.starts_with("postgresql://");
    if ours { url.parse().ok() } else { None }
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
