//! Databases: most are used by one test after the other, and some belong to one test.
//!
//! All are copies of a template that has the migrations and is named after their content. Creating a database
//! takes a tenth of a second, and dropping one forces a checkpoint, which takes seconds if the server waits
//! for its disk. So a test leaves its database behind, and the next test that needs one empties it. On a
//! server that outlives the run, the next run reuses them too.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use secrecy::SecretString;
use sqlx::{Connection, PgConnection, Row};
use svc::adapters::sqlx::SqlxStore;
use svc::ports::Migrations;
use tokio::sync::OnceCell;

use super::{claims, execute, kept, schema, seats, server, texts, url_of};
use crate::support::database;

/// The prefix of every test database, followed by the second of its creation.
const PREFIX: &str = "svc_test_";

/// Databases older than this belong to a run that has ended, or to old migrations.
const LEFT_BEHIND: Duration = Duration::from_hours(24);

/// Locked by the process that sweeps, creates the template or copies it.
const HOUSEKEEPING: i64 = 0x5356_4354;

/// The databases that this process owns and no test uses.
static FREE: Mutex<Vec<Used>> = Mutex::new(Vec::new());

/// Ends the other sessions on a database.
const OTHERS: &str = "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";

/// A hash of the migrations' names and content, and of the day: a template has the partitions of the day on
/// which it was made.
static MIGRATIONS: LazyLock<u32> = LazyLock::new(migrations);

/// A database of a test.
pub struct Database {
    name: String,
    /// Where the database goes after its test; `None` if it belongs to the test alone.
    seat: Option<Arc<Returned>>,
}

/// The databases that one test has finished with. They are free once its seat is: until then its tasks may
/// run.
#[derive(Default)]
pub(super) struct Returned(Mutex<Vec<Used>>);

impl Drop for Returned {
    fn drop(&mut self) {
        // A failed test may leave processes behind that still write.
        if !std::thread::panicking() {
            FREE.lock().unwrap().append(&mut self.0.lock().unwrap());
        }
    }
}

/// A database that a test has finished with.
struct Used {
    name: String,
    /// The name of the test.
    by: String,
}

/// The database that all others are copied from.
struct Template {
    name: String,
    stamp: String,
    schema: Vec<String>,
}

impl Database {
    /// Returns an empty database with every migration applied. The test may change rows only, because the
    /// next test gets the database too.
    pub async fn migrated() -> Self {
        let free = FREE.lock().unwrap().pop();
        let name = match free {
            Some(Used { name, by }) => {
                if let Err(difference) = empty(&name).await {
                    drop_database(&name).await;
                    panic!("{by} changed more than rows; it needs `Backend::own_database`: {difference}");
                }
                name
            }
            None => claimed().await,
        };
        Self { name, seat: seats::returned() }
    }

    /// Returns a database with every migration applied. The test may change the schema, sequences and rights.
    pub async fn own() -> Self {
        let name = own_name();
        copy_template(&name).await;
        Self { name, seat: None }
    }

    /// Returns an empty database for one test alone.
    pub async fn empty() -> Self {
        let name = own_name();
        execute(&format!("CREATE DATABASE {name}")).await;
        Self { name, seat: None }
    }

    /// Returns its name on the server.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn url(&self) -> String {
        url_of(&self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let name = std::mem::take(&mut self.name);
        if let Some(returned) = self.seat.take()
            && !std::thread::panicking()
        {
            let by = std::thread::current().name().unwrap_or("a test").to_owned();
            return returned.0.lock().unwrap().push(Used { name, by });
        }
        // On its own thread, because the test's runtime may be ending.
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(drop_database(&name));
        });
        // A panic in here would hide that of the test; the sweep of a later run removes the database.
        let _ = thread.join();
    }
}

/// Returns a database that no process owns; creates one if there is none.
async fn claimed() -> String {
    let template = template().await;
    let number = claims::claim(MIGRATIONS.cast_signed(), 0..10_000).await.unwrap();
    let suffix = format!("_pool_{:08x}_{number}", *MIGRATIONS);
    let names = format!("SELECT datname::text FROM pg_database WHERE datname LIKE '{PREFIX}%{suffix}'");
    for name in kept::texts(names).await {
        if empty(&name).await.is_ok() {
            return name;
        }
        // An earlier run was stopped in the middle of a copy, or its test changed more than rows.
        drop_database(&name).await;
    }
    let name = format!("{PREFIX}{}{suffix}", seconds());
    copy_template_named(&template.name, &name).await;
    name
}

/// Ends the sessions on a database and removes its rows. The error lists the differences to the template.
pub(super) async fn empty(name: &str) -> Result<(), String> {
    let template = template().await;
    let ask = async |sql: String| {
        let rows = kept::rows(name, sql).await.map_err(|why| why.to_string())?;
        Ok::<Vec<String>, String>(rows.iter().filter_map(|row| row.try_get(0).ok()).collect())
    };
    let answers = ask(format!("{OTHERS}; {}; {}", schema::EMPTY, schema::STAMP)).await?;
    kept::until_unused(name).await;
    if answers.last() == Some(&template.stamp) {
        return Ok(());
    }
    let lines = ask(schema::LINES.to_owned()).await?;
    let expected = &template.schema;
    let gone = expected.iter().filter(|line| !lines.contains(line)).map(|line| format!("\n- {line}"));
    let new = lines.iter().filter(|line| !expected.contains(line)).map(|line| format!("\n+ {line}"));
    let difference: String = gone.chain(new).collect();
    if difference.is_empty() { Ok(()) } else { Err(difference) }
}

async fn copy_template(name: &str) {
    copy_template_named(&template().await.name, name).await;
}

/// Takes the lock, because a database cannot be copied while another process is connected to it.
async fn copy_template_named(template: &str, name: &str) {
    let connection = locked().await;
    execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    connection.close().await.unwrap();
}

async fn drop_database(name: &str) {
    kept::forget(name);
    execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
}

/// Returns a connection that holds the lock until it is closed.
async fn locked() -> PgConnection {
    let mut connection = PgConnection::connect(server().as_str()).await.unwrap();
    texts(&mut connection, &format!("SELECT pg_advisory_lock({HOUSEKEEPING})::text")).await;
    connection
}

/// Returns the template; creates it if it does not exist. The first caller of the process sweeps, too.
async fn template() -> &'static Template {
    static TEMPLATE: OnceCell<Template> = OnceCell::const_new();
    TEMPLATE.get_or_init(find_template).await
}

async fn find_template() -> Template {
    let mut connection = locked().await;
    let names = format!("SELECT datname::text FROM pg_database WHERE datname LIKE '{PREFIX}%'");
    let (ours, others): (Vec<_>, Vec<_>) = texts(&mut connection, &names)
        .await
        .into_iter()
        .partition(|name| name.contains(&format!("_{:08x}", *MIGRATIONS)));
    for name in others.iter().filter(|name| is_left_behind(name)) {
        sweep(name).await;
    }
    let suffix = format!("_template_{:08x}", *MIGRATIONS);
    let found = ours.into_iter().find(|name| name.ends_with(&suffix));
    let name = if let Some(name) = found { name } else { make_template(&suffix).await };
    let mut looking = PgConnection::connect(&url_of(&name)).await.unwrap();
    let stamp = texts(&mut looking, schema::STAMP).await.remove(0);
    let schema = texts(&mut looking, schema::LINES).await;
    looking.close().await.unwrap();
    kept::until_unused(&name).await;
    connection.close().await.unwrap();
    Template { name, stamp, schema }
}

/// Drops an abandoned database, unless it belongs to an active run with other migrations.
async fn sweep(name: &str) {
    let pool = name.split_once("_pool_").and_then(|(_, rest)| rest.split_once('_'));
    let claim = pool.and_then(|(hash, number)| {
        Some((u32::from_str_radix(hash, 16).ok()?.cast_signed(), number.parse::<i32>().ok()?))
    });
    match claim {
        None => drop_database(name).await,
        Some((class, number)) => {
            if claims::claim(class, number..number + 1).await.is_some() {
                drop_database(name).await;
                claims::release(class, number);
            }
        }
    }
}

async fn make_template(suffix: &str) -> String {
    let making = Database::empty().await;
    let store =
        SqlxStore::open_postgres(&SecretString::from(making.url()).into(), &database::options()).unwrap();
    store.up().await.unwrap();
    store.close().await;
    kept::until_unused(&making.name).await;
    let name = format!("{PREFIX}{}{suffix}", seconds());
    execute(&format!("ALTER DATABASE {} RENAME TO {name}", making.name)).await;
    name
}

fn own_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{PREFIX}{}_own_{}_{count}", seconds(), std::process::id())
}

fn is_left_behind(name: &str) -> bool {
    let made = name[PREFIX.len()..].split('_').next().and_then(|seconds| seconds.parse::<u64>().ok());
    made.is_some_and(|made| made + LEFT_BEHIND.as_secs() < seconds())
}

fn migrations() -> u32 {
    let mut files: Vec<_> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/postgres"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        (file.file_name(), std::fs::read(&file).unwrap()).hash(&mut hasher);
    }
    (seconds() / (24 * 60 * 60)).hash(&mut hasher);
    // Half of the hash is enough for a name.
    u32::try_from(hasher.finish() >> 32).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the age of a real thing on a real server")]
fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}
