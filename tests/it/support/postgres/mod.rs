//! Databases on a PostgreSQL server: made for one test and dropped after it, also when it panics.
//!
//! They are copies of a template that has the migrations, which is much faster than migrating each. The
//! template is named after the migrations' content and stays, so that the next run finds it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use secrecy::SecretString;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use svc::adapters::sqlx::SqlxStore;
use svc::ports::Migrations;
use tokio::sync::OnceCell;
use url::Url;

use super::{database, environment};

/// Begins the name of every database of ours; the time it was made follows.
const PREFIX: &str = "svc_test_";

/// Older ones were left behind by a run that was killed. No run takes so long.
const LEFT_BEHIND: Duration = Duration::from_hours(24);

/// Held while somebody sweeps or makes the template.
const HOUSEKEEPING: i64 = 0x5356_4354;

/// A database, dropped with the value.
pub struct Database(String);

/// Looks for the server, once a process; otherwise says what is missing, without the URL's password.
pub async fn look() -> Result<(), &'static str> {
    static FOUND: OnceCell<Result<(), String>> = OnceCell::const_new();
    let look = async || {
        let server: PgConnectOptions = server().as_str().parse().unwrap();
        let missing =
            |why: String| format!("no PostgreSQL at {}:{} ({why})", server.get_host(), server.get_port());
        match tokio::time::timeout(Duration::from_mins(1), server.connect()).await {
            Ok(Ok(connection)) => connection.close().await.map_err(|why| missing(why.to_string())),
            Ok(Err(why)) => Err(missing(why.to_string())),
            Err(_) => Err(missing("no answer".to_owned())),
        }
    };
    FOUND.get_or_init(look).await.as_ref().copied().map_err(String::as_str)
}

impl Database {
    /// With every migration applied.
    pub async fn migrated() -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        let template = TEMPLATE.get_or_init(template).await;
        Self::create(&format!(" TEMPLATE {template}")).await
    }

    /// With nothing in it.
    pub async fn empty() -> Self {
        Self::create("").await
    }

    /// Where it is.
    pub fn url(&self) -> String {
        let mut url = server();
        url.set_path(&self.0);
        url.into()
    }

    async fn create(template: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let database = Self(format!("{PREFIX}{}_{}_{count}", seconds(), std::process::id()));
        let mut connection = PgConnection::connect(server().as_str()).await.unwrap();
        run(&mut connection, &format!("CREATE DATABASE {}{template}", database.0)).await;
        database
    }
}

impl Drop for Database {
    /// On a thread of its own, since the test's runtime may be what is ending.
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.0);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut connection = PgConnection::connect(server().as_str()).await.unwrap();
                run(&mut connection, &drop).await;
            });
        });
        // A panic in here would hide the test's own; the next day's sweep takes what is left.
        let _ = thread.join();
    }
}

/// The template's name, made if it is not there. Other processes wait meanwhile.
async fn template() -> String {
    let mut connection = PgConnection::connect(server().as_str()).await.unwrap();
    run(&mut connection, &format!("SELECT pg_advisory_lock({HOUSEKEEPING})")).await;
    let names = format!("SELECT datname FROM pg_database WHERE datname LIKE '{PREFIX}%'");
    let names: Vec<String> =
        sqlx::query_scalar(AssertSqlSafe(names)).fetch_all(&mut connection).await.unwrap();
    let (old, young): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| is_left_behind(name));
    for name in old {
        run(&mut connection, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    }
    let suffix = format!("_template_{:016x}", migrations());
    if let Some(name) = young.into_iter().find(|name| name.ends_with(&suffix)) {
        return name;
    }
    let making = Database::empty().await;
    let store = SqlxStore::open_postgres(&SecretString::from(making.url()), &database::options()).unwrap();
    store.up().await.unwrap();
    store.close().await;
    let name = format!("{PREFIX}{}{suffix}", seconds());
    run(&mut connection, &format!("ALTER DATABASE {} RENAME TO {name}", making.0)).await;
    name
}

fn is_left_behind(name: &str) -> bool {
    let made = name[PREFIX.len()..].split('_').next().and_then(|seconds| seconds.parse::<u64>().ok());
    made.is_some_and(|made| made + LEFT_BEHIND.as_secs() < seconds())
}

/// A hash of the migrations' names and content.
fn migrations() -> u64 {
    let mut files: Vec<_> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/postgres"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        (file.file_name(), std::fs::read(&file).unwrap()).hash(&mut hasher);
    }
    hasher.finish()
}

fn server() -> Url {
    let url = environment::variable("SVC_TEST_POSTGRES_URL");
    Url::parse(url.as_deref().unwrap_or("postgres://postgres@127.0.0.1:5432/postgres")).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the age of a real thing on a real server")]
fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

async fn run(connection: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.unwrap();
}
