use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use secrecy::SecretString;
use sqlx::error::DatabaseError;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use svc::adapters::sqlx::{PoolOptions, SqlxStore};
use svc::config::Pooler;
use svc::ports::Migrations;
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::process::until;
use super::{environment, folder, postgres};

/// The kind of database that a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// A database that no other test uses at the same time. Its content is removed when it is dropped.
pub struct TestDatabase {
    /// A store with its own connections.
    pub store: SqlxStore,
    place: Place,
    /// A connection that bypasses the store, kept for the next query.
    past: Mutex<Option<PgConnection>>,
}

/// The location of a database, and the value that removes it.
enum Place {
    Sqlite(TempDir),
    Postgres(postgres::Database),
}

/// Runs a test in its own runtime, or skips it if its database is missing.
pub fn run<F: Future<Output = ()>>(backend: Backend, test: impl FnOnce(Backend) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let seat = match backend {
        Backend::Sqlite => None,
        Backend::Postgres => match runtime.block_on(postgres::look()) {
            Ok(()) => Some(runtime.block_on(postgres::Seat::take())),
            Err(missing) => return environment::skip(missing),
        },
    };
    runtime.block_on(test(backend));
    // The tasks of the test end with its runtime. Only then are its databases and connections free for other
    // tests.
    drop(runtime);
    drop(seat);
}

/// Returns the URL of the PostgreSQL server of all tests, for a test that runs on it.
pub fn postgres_server() -> url::Url {
    postgres::server().clone()
}

/// Few connections, because all tests share those of one server; long time limits, for a slow machine.
pub fn options() -> PoolOptions {
    PoolOptions {
        max_connections: 3,
        acquire_timeout: Duration::from_mins(5),
        statement_timeout: Duration::from_mins(5),
        pooler: Pooler::Session,
        direct: None,
    }
}

impl Backend {
    /// Returns a database with every migration applied. A test that changes more than rows uses
    /// [`Backend::own_database`].
    pub async fn database(self) -> TestDatabase {
        match self {
            Self::Sqlite => self.migrated_file().await,
            Self::Postgres => TestDatabase::at(Place::Postgres(postgres::Database::migrated().await)),
        }
    }

    /// Returns a database with every migration applied. The test may change the schema, sequences and rights.
    pub async fn own_database(self) -> TestDatabase {
        match self {
            Self::Sqlite => self.migrated_file().await,
            Self::Postgres => TestDatabase::at(Place::Postgres(postgres::Database::own().await)),
        }
    }

    async fn migrated_file(self) -> TestDatabase {
        let folder = folder::new();
        write_migrated(&file_in(folder.path())).await;
        TestDatabase::at(Place::Sqlite(folder))
    }

    /// Returns an empty database.
    pub async fn empty_database(self) -> TestDatabase {
        TestDatabase::at(match self {
            Self::Sqlite => Place::Sqlite(folder::new()),
            Self::Postgres => Place::Postgres(postgres::Database::empty().await),
        })
    }
}

impl TestDatabase {
    fn at(place: Place) -> Self {
        Self { store: place.open(&options()), place, past: Mutex::default() }
    }

    pub fn backend(&self) -> Backend {
        match self.place {
            Place::Sqlite(_) => Backend::Sqlite,
            Place::Postgres(_) => Backend::Postgres,
        }
    }

    /// Opens a store on the same database with its own connections, like another process.
    pub fn another_store(&self) -> SqlxStore {
        self.place.open(&options())
    }

    /// Opens a store in which a caller waits five seconds for a connection, or for SQLite's writer: the least
    /// that the latter allows.
    pub fn impatient_store(&self) -> SqlxStore {
        self.place.open(&PoolOptions { acquire_timeout: Duration::from_secs(5), ..options() })
    }

    /// Returns its name on its server, if it is on one.
    pub fn name(&self) -> Option<&str> {
        match &self.place {
            Place::Sqlite(_) => None,
            Place::Postgres(database) => Some(database.name()),
        }
    }

    /// Returns the value for `database.url`.
    pub fn url(&self) -> String {
        match &self.place {
            Place::Sqlite(folder) => format!("sqlite:{}", file_in(folder.path()).display()),
            Place::Postgres(database) => database.url(),
        }
    }

    /// Executes any SQL, bypassing the store.
    pub async fn execute(&self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql));
        match &self.place {
            Place::Sqlite(_) => {
                let mut connection = SqliteConnection::connect(&self.url()).await?;
                sql.execute(&mut connection).await.map(drop)
            }
            Place::Postgres(_) => {
                let mut connection = PgConnection::connect(&self.url()).await?;
                sql.execute(&mut connection).await.map(drop)
            }
        }
    }

    /// Waits until a statement waits for a lock of another one. Does nothing on SQLite, which does not show
    /// that.
    pub async fn until_blocked(&self) {
        self.until_waiting(1).await;
    }

    /// Waits until `count` statements wait for locks of others. Does nothing on SQLite, which does not show
    /// that.
    pub async fn until_waiting(&self, count: usize) {
        let waiting = "SELECT pid::text FROM pg_stat_activity \
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        if self.backend() == Backend::Postgres {
            until(async || self.texts(waiting).await.len() >= count).await;
        }
    }

    /// Returns the rows of a query with one text column, bypassing the store.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        match &self.place {
            Place::Sqlite(folder) => texts_of_file(&file_in(folder.path()), sql).await,
            Place::Postgres(_) => {
                // Taken out, so that a caller that is cancelled in the middle of a query drops the
                // connection.
                let kept = self.past.lock().unwrap().take();
                let mut connection = match kept {
                    Some(connection) => connection,
                    None => PgConnection::connect(&self.url()).await.unwrap(),
                };
                let rows = match ask(&mut connection, sql).await {
                    Err(error) if is_ended(&error) => {
                        connection = PgConnection::connect(&self.url()).await.unwrap();
                        ask(&mut connection, sql).await
                    }
                    rows => rows,
                }
                .unwrap();
                *self.past.lock().unwrap() = Some(connection);
                rows
            }
        }
    }
}

/// Returns whether the server ended the session before it ran the statement (class 57P of SQLSTATE), or the
/// schema has changed.
pub(super) fn is_ended(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.map_or(matches!(error, sqlx::Error::Io(_)), |code| code.starts_with("57P") || code == "0A000")
}

async fn ask(connection: &mut PgConnection, sql: &str) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(connection).await
}

impl Place {
    fn open(&self, options: &PoolOptions) -> SqlxStore {
        match self {
            Self::Sqlite(folder) => SqlxStore::open_sqlite(&file_in(folder.path()), options).unwrap(),
            Self::Postgres(database) => {
                SqlxStore::open_postgres(&SecretString::from(database.url()).into(), options).unwrap()
            }
        }
    }
}

/// Writes a SQLite database with every migration applied to this file. The tests copy one: to apply the
/// migrations takes longer than most tests.
pub async fn write_migrated(file: &Path) {
    static MIGRATED: OnceCell<Vec<u8>> = OnceCell::const_new();
    let migrate = async || {
        let folder = folder::new();
        let file = file_in(folder.path());
        let store = SqlxStore::open_sqlite(&file, &options()).unwrap();
        store.up().await.unwrap();
        store.close().await;
        assert!(!file.with_extension("db-wal").exists(), "the last connection writes its log into the file");
        std::fs::read(&file).unwrap()
    };
    std::fs::write(file, MIGRATED.get_or_init(migrate).await).unwrap();
}

/// Executes any SQL on the SQLite database in this file.
pub async fn execute_on_file(file: &Path, sql: &str) {
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
}

/// Returns the rows of a query with one text column on this file.
pub async fn texts_of_file(path: &Path, sql: &str) -> Vec<String> {
    let url = format!("sqlite:{}", path.display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap()
}

fn file_in(folder: &Path) -> PathBuf {
    folder.join("svc.db")
}
