use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::claim::run_on_postgres;
use super::signals::Signals;
use crate::adapters::sqlx::postgres::Sessions;
use crate::adapters::sqlx::run::{Patience, Tx};
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::ports::events::{Queue, Wakeup, Wakeups};
use crate::ports::store::StoreError;

/// The channel on which handler processes listen for work. A channel belongs to one database.
const CHANNEL: &str = "svc_inbox";
const NOTIFY: &str = "SELECT pg_notify('svc_inbox', '')";
/// After this silence the connection is replaced: a connection that was cut off stays silent.
const SILENCE: Duration = Duration::from_mins(1);
/// How long to wait before the next connection attempt.
const RETRY: Duration = Duration::from_secs(1);

/// Notifies other processes of new inbox entries when the unit of work commits.
///
/// Events are appended without this notification: PostgreSQL takes one lock for all commits that notify, so
/// each waits for the others, and requests must not wait for each other. A process that serves requests has a
/// relay of its own.
pub(in crate::adapters::sqlx) async fn notify(work: &mut Work) -> Result<(), StoreError> {
    match work.tx {
        Tx::Postgres(..) => run_on_postgres(work, NOTIFY).await,
        Tx::Sqlite(_) => Ok(()),
    }
}

#[async_trait]
impl Wakeups for SqlxStore {
    fn of(&self, queue: Queue) -> Box<dyn Wakeup> {
        Box::new(Waiting { reported: self.signals.of(queue).subscribe(), _signals: self.signals.clone() })
    }

    async fn listen(&self) {
        // Processes that share a file cannot notify each other, nor can those whose sessions end with each
        // transaction. They poll instead.
        let Some(direct) = &self.direct else { return std::future::pending().await };
        loop {
            if let Err(error) = listen(direct, &self.signals).await.map_err(|error| direct.named(error)) {
                tracing::debug!(%error, "wake-up listener disconnected, reconnecting");
            }
            sleep(RETRY).await;
        }
    }
}

/// Listens until the connection breaks, or has been silent for too long.
async fn listen(direct: &Sessions, signals: &Signals) -> Result<(), StoreError> {
    let mut listener = Patience(direct.patience()).wait(connect(direct)).await?;
    // Covers notifications that were sent before this connection listened.
    signals.wake(Queue::Inbox);
    while let Ok(heard) = timeout(SILENCE, listener.try_recv()).await {
        match heard? {
            Some(_) => signals.wake(Queue::Inbox),
            None => break,
        }
    }
    Ok(())
}

async fn connect(direct: &Sessions) -> Result<PgListener, StoreError> {
    direct.verify().await?;
    let one = PgPoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
    let one = one.acquire_timeout(direct.patience());
    let mut listener = PgListener::connect_with(&one.connect_lazy_with(direct.options().clone())).await?;
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

struct Waiting {
    reported: watch::Receiver<()>,
    /// Keeps the sender alive while a task waits.
    _signals: Arc<Signals>,
}

#[async_trait]
impl Wakeup for Waiting {
    async fn woken(&mut self) {
        if self.reported.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
