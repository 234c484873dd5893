use futures_util::{StreamExt as _, stream};
use tokio::sync::{Mutex, mpsc};
use uuid::Uuid;

use super::tiered::TieredCache;
use crate::domain::{SessionSnapshot, User};

/// How many copies are reloaded at the same time: few, so that requests find connections to the database.
const AT_ONCE: usize = 4;
/// How many copies may wait for their reload. Beyond this a copy expires, and its next reader waits for a
/// load.
const WAITING: usize = 4096;

/// A copy that is in use and about to expire.
#[derive(Clone, Copy, Debug)]
pub(super) enum Age {
    User(Uuid),
    Session(Uuid),
}

/// Reloads copies in use before they expire, so that only the first request for a user and a session waits
/// for Redis or the database.
pub(super) struct Reloading {
    asked: mpsc::Sender<Age>,
    /// Locked while [`Reloading::run`] runs.
    waiting: Mutex<mpsc::Receiver<Age>>,
}

impl Default for Reloading {
    fn default() -> Self {
        let (asked, waiting) = mpsc::channel(WAITING);
        Self { asked, waiting: Mutex::new(waiting) }
    }
}

impl Reloading {
    /// Requests a reload of a copy.
    pub fn ask(&self, copy: Age) {
        // If too many wait, the copy expires as usual.
        let _ = self.asked.try_send(copy);
    }

    /// Reloads the copies that [`Reloading::ask`] names. Does not end.
    pub async fn run(&self, cache: &TieredCache) {
        let mut waiting = self.waiting.lock().await;
        let asked = stream::poll_fn(|context| waiting.poll_recv(context));
        let reload = |copy| async move {
            match copy {
                Age::User(id) => cache.reload::<User>(id).await,
                Age::Session(id) => cache.reload::<SessionSnapshot>(id).await,
            }
        };
        asked.for_each_concurrent(AT_ONCE, reload).await;
    }
}
