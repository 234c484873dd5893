//! The numbers that this process owns on the server, each an advisory lock, so that several test runs can
//! share the server.
//!
//! The locks belong to the kept connection. A process that is killed loses them with the connection.

use std::collections::BTreeSet;

use tokio::sync::Mutex;

use super::kept;

static OWNED: Mutex<BTreeSet<(i32, i32)>> = Mutex::const_new(BTreeSet::new());

/// Claims the first of these numbers that no process owns, including this one.
pub(super) async fn claim(class: i32, numbers: std::ops::Range<i32>) -> Option<i32> {
    let mut owned = OWNED.lock().await;
    for number in numbers {
        // The server would give its owner a lock a second time.
        if owned.contains(&(class, number)) {
            continue;
        }
        if kept::texts(format!("SELECT pg_try_advisory_lock({class}, {number})::text")).await == ["true"] {
            owned.insert((class, number));
            return Some(number);
        }
    }
    None
}

/// Releases a number, in the background.
pub(super) fn release(class: i32, number: i32) {
    kept::spawn(async move {
        let mut owned = OWNED.lock().await;
        kept::texts(format!("SELECT pg_advisory_unlock({class}, {number})::text")).await;
        owned.remove(&(class, number));
    });
}
