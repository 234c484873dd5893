use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::claim::tell_postgres;
use crate::adapters::sqlx::SqlxStore;
use crate::adapters::sqlx::postgres::Sessions;
use crate::adapters::sqlx::run::{Patience, Tx};
use crate::adapters::sqlx::unit_of_work::Work;
use crate::ports::events::{Queue, Wakeup, Wakeups};
use crate::ports::store::StoreError;

/// On which those hear of work who run handlers. A channel belongs to one database.
const CHANNEL: &str = "svc_inbox";
const NOTIFY: &str = "SELECT pg_notify('svc_inbox', '')";
/// After this silence the connection is made anew: one that was cut off is silent for ever.
const SILENCE: Duration = Duration::from_mins(1);
/// How long to wait before the next connection.
const RETRY: Duration = Duration::from_secs(1);

/// Tells those who wait in this process. The clones of a store share it.
pub(in crate::adapters::sqlx) struct Signals {
    outbox: watch::Sender<()>,
    inbox: watch::Sender<()>,
}

impl Default for Signals {
    fn default() -> Self {
        Self { outbox: watch::Sender::new(()), inbox: watch::Sender::new(()) }
    }
}

impl Signals {
    pub(in crate::adapters::sqlx) fn tell(&self, queue: Queue) {
        self.of(queue).send_replace(());
    }

    const fn of(&self, queue: Queue) -> &watch::Sender<()> {
        match queue {
            Queue::Outbox => &self.outbox,
            Queue::Inbox => &self.inbox,
        }
    }
}

/// Has other processes hear of what is in the inbox once the unit of work commits.
///
/// Not done where events are written: a commit that notifies waits for every other one that does (PostgreSQL
/// takes one lock for all of them), and requests are not to wait for each other. Whoever serves them has a
/// relay of its own.
pub(in crate::adapters::sqlx) async fn notify(work: &mut Work) -> Result<(), StoreError> {
    match work.tx {
        Tx::Postgres(..) => tell_postgres(work, NOTIFY).await,
        Tx::Sqlite(_) => Ok(()),
    }
}

#[async_trait]
impl Wakeups for SqlxStore {
    fn of(&self, queue: Queue) -> Box<dyn Wakeup> {
        Box::new(Waiting { told: self.signals.of(queue).subscribe(), _signals: self.signals.clone() })
    }

    async fn listen(&self) {
        // Processes on one file have no way to tell each other, nor have those whose sessions end with each
        // transaction; they look every now and then.
        let Some(direct) = &self.direct else { return std::future::pending().await };
        loop {
            if let Err(error) = listen(direct, &self.signals).await.map_err(|error| direct.named(error)) {
                tracing::debug!(%error, "what other processes do is not heard");
            }
            sleep(RETRY).await;
        }
    }
}

/// Listens until the connection breaks, or has been silent for long.
async fn listen(direct: &Sessions, signals: &Signals) -> Result<(), StoreError> {
    let mut listener = Patience(direct.patience()).wait(connect(direct)).await?;
    // What was said before it listened.
    signals.tell(Queue::Inbox);
    while let Ok(heard) = timeout(SILENCE, listener.try_recv()).await {
        match heard? {
            Some(_) => signals.tell(Queue::Inbox),
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
    told: watch::Receiver<()>,
    /// As long as somebody waits there is somebody to tell.
    _signals: Arc<Signals>,
}

#[async_trait]
impl Wakeup for Waiting {
    async fn woken(&mut self) {
        if self.told.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
