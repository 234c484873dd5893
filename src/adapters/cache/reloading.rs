use futures_util::{StreamExt as _, stream};
use tokio::sync::{Mutex, mpsc};
use uuid::Uuid;

use super::TieredCache;
use crate::domain::{SessionSnapshot, User};

/// How many copies are loaded again at the same time: few, so that requests find connections to the database.
const AT_ONCE: usize = 4;
/// How many copies may wait to be loaded again. Beyond it a copy ends, and its next reader waits for a load.
const WAITING: usize = 4096;

/// A copy that is in use and about to end.
#[derive(Clone, Copy, Debug)]
pub(super) enum Age {
    User(Uuid),
    Session(Uuid),
}

/// Loads copies again that are in use, before they end: then no request waits for Redis or the database but the first one for
/// a user and a session.
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
    /// Has a copy loaded again soon.
    pub fn ask(&self, copy: Age) {
        // When too many wait, the copy ends in its time.
        let _ = self.asked.try_send(copy);
    }

    /// Loads copies again that [`Reloading::ask`] names. Does not end.
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
