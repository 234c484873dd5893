//! One connection to the server that stays open as long as the process lives, for the housekeeping of tests.
//!
//! A connection costs the server a process of its own, which is more than most of these queries cost.

use std::sync::LazyLock;

use sqlx::{Connection, PgConnection};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Mutex;

use super::server;

/// Outlives the runtimes of the tests, because the connection has to.
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap());

static CONNECTION: Mutex<Option<PgConnection>> = Mutex::const_new(None);

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

/// Runs work in the background, which may go on after the test that began it.
pub(super) fn spawn(work: impl Future<Output = ()> + Send + 'static) {
    RUNTIME.spawn(work);
}
