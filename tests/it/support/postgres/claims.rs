//! The numbers that this process owns on the server, each an advisory lock, so that several test runs can
//! share the server.
//!
//! The locks belong to one connection that stays open as long as the process lives. A process that is killed
//! loses them with the connection.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use sqlx::{Connection, PgConnection};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Mutex;

use super::{server, texts};

/// Outlives the runtimes of the tests, because the connection has to.
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap());

static OWNED: Mutex<Option<Owned>> = Mutex::const_new(None);

struct Owned {
    connection: PgConnection,
    claims: BTreeSet<(i32, i32)>,
}

/// Claims the first of these numbers that no process owns, including this one.
pub(super) async fn claim(class: i32, numbers: std::ops::Range<i32>) -> Option<i32> {
    let claiming = RUNTIME.spawn(async move {
        let mut owned = OWNED.lock().await;
        let owned = match &mut *owned {
            Some(owned) => owned,
            none => none.insert(Owned {
                connection: PgConnection::connect(server().as_str()).await.unwrap(),
                claims: BTreeSet::new(),
            }),
        };
        for number in numbers {
            // The server would give its owner a lock a second time.
            if owned.claims.contains(&(class, number)) {
                continue;
            }
            let sql = format!("SELECT pg_try_advisory_lock({class}, {number})::text");
            if texts(&mut owned.connection, &sql).await == ["true"] {
                owned.claims.insert((class, number));
                return Some(number);
            }
        }
        None
    });
    claiming.await.unwrap()
}

/// Releases a number, in the background.
pub(super) fn release(class: i32, number: i32) {
    RUNTIME.spawn(async move {
        let mut owned = OWNED.lock().await;
        let owned = owned.as_mut().expect("it was claimed");
        texts(&mut owned.connection, &format!("SELECT pg_advisory_unlock({class}, {number})::text")).await;
        owned.claims.remove(&(class, number));
    });
}
