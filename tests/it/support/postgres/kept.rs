//! Connections that stay open as long as the process lives, for the housekeeping of tests: one to the server,
//! and one to each database that several tests use.
//!
//! A connection costs the server a process of its own, and a new process reads the catalogs again. Both are
//! more than most of these queries cost.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex as StdMutex};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Mutex;

use super::{server, url_of};
use crate::support::database::is_ended;
use crate::support::process::within;

/// Outlives the runtimes of the tests, because the connection has to.
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap());

static CONNECTION: Mutex<Option<PgConnection>> = Mutex::const_new(None);

/// The `application_name` of the sessions of the housekeeping on databases of tests, so that a test can leave
/// them out of a count.
pub const HOUSEKEEPER: &str = "housekeeper of tests";

/// A connection to a database, once there is one.
type Slot = Arc<Mutex<Option<PgConnection>>>;

static SLOTS: StdMutex<BTreeMap<String, Slot>> = StdMutex::new(BTreeMap::new());

/// Returns the rows of a query with one text column.
pub(super) async fn texts(sql: impl Into<String>) -> Vec<String> {
    let sql = sql.into();
    let asking = RUNTIME.spawn(async move {
        let mut connection = CONNECTION.lock().await;
        if connection.is_none() {
            *connection = Some(PgConnection::connect(server().as_str()).await.unwrap());
        }
        super::texts(connection.as_mut().expect("it was opened"), &sql).await
    });
    asking.await.unwrap()
}

/// Executes statements on a database and returns the rows of all of them. Connects again if a test has ended
/// the session, so the statements may be executed twice.
pub(super) async fn rows(database: &str, sql: String) -> Result<Vec<PgRow>, sqlx::Error> {
    let slot = SLOTS.lock().unwrap().entry(database.to_owned()).or_default().clone();
    let options: PgConnectOptions = url_of(database).parse()?;
    let options = options.application_name(HOUSEKEEPER);
    let asking = RUNTIME.spawn(async move {
        let mut slot = slot.lock().await;
        let ask = async |connection: &mut PgConnection| {
            sqlx::raw_sql(AssertSqlSafe(sql.clone())).fetch_all(connection).await
        };
        if let Some(connection) = &mut *slot {
            match ask(connection).await {
                Err(error) if is_ended(&error) => {}
                rows => return rows,
            }
        }
        ask(slot.insert(options.connect().await?)).await
    });
    asking.await.unwrap()
}

/// Waits until the server has ended all sessions of others, because tests count sessions and a database that
/// is used cannot be copied.
pub(super) async fn until_unused(name: &str) {
    let sessions = format!(
        "SELECT pid::text FROM pg_stat_activity WHERE datname = '{name}' AND backend_type = 'client backend' \
         AND application_name <> '{HOUSEKEEPER}'"
    );
    within(async {
        while !texts(sessions.as_str()).await.is_empty() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await;
}

/// Closes the connection to a database.
pub(super) fn forget(database: &str) {
    SLOTS.lock().unwrap().remove(database);
}

/// Runs work in the background, which may go on after the test that began it.
pub(super) fn spawn(work: impl Future<Output = ()> + Send + 'static) {
    RUNTIME.spawn(work);
}
