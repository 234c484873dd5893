//! Has PostgreSQL let go of a connection whose answer did not come in time.
//!
//! COMMIT has no time limit at the server: while a synchronous standby is gone it waits until it is cancelled,
//! also when its client is gone. Without that, each connection that was given up would leave a process there.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sqlx::{AssertSqlSafe, Row as _};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, timeout};

use super::rested::close_all;
use super::sessions::{Process, Session, Sessions};
use crate::ports::store::StoreError;

/// How long to wait before the server is asked again: first, and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(500));

/// A process that is still there so long after it was cancelled waits for its client, not for another server:
/// the way to the client is broken, and nothing but an end reaches it.
const CANCELLED_FOR: Duration = Duration::from_secs(1);

/// Cancels what runs on connections that were given up. It has one connection of its own, while it is needed.
pub(super) struct Canceller {
    /// What makes that connection, in the order in which they are tried.
    ways: Vec<Arc<Sessions>>,
    side: Mutex<Option<Side>>,
    /// How many wait for the end of a process.
    waiting: AtomicUsize,
}

/// The connection of its own.
struct Side {
    session: Session,
    way: usize,
}

/// What the server says of a process.
enum Found {
    /// It is not there, or does something else.
    Gone,
    /// It was signalled.
    Signalled,
}

/// One that waits for the end of a process.
struct Waiting<'a>(&'a Canceller);

impl Canceller {
    /// The way past a pooler comes first: a pooler may have no session left.
    pub(super) fn new(main: &Arc<Sessions>, direct: Option<&Arc<Sessions>>) -> Self {
        let mut ways = vec![main.clone()];
        ways.extend(direct.filter(|direct| !Arc::ptr_eq(direct, main)).cloned());
        ways.reverse();
        Self { ways, side: Mutex::default(), waiting: AtomicUsize::new(0) }
    }

    /// Waits until the server has ended what runs on a connection that `sessions` made, and cancels it again and
    /// again. It gives up, after one attempt, when `is_over`.
    pub(super) async fn end(
        &self,
        sessions: &Arc<Sessions>,
        host: usize,
        process: Process,
        is_over: impl Fn() -> bool,
    ) {
        let waiting = Waiting::new(self);
        let (mut pause, longest) = PAUSES;
        let mut cancelled: Option<Instant> = None;
        // What runs on a server that was left takes nothing from the one in use.
        while sessions.is_chosen(host) {
            let is_late = cancelled.is_some_and(|since| since.elapsed() > CANCELLED_FOR);
            match self.signal(sessions, host, process, is_late && sessions.keep()).await {
                Ok(Found::Gone) => break,
                Ok(Found::Signalled) => {
                    if cancelled.is_none() {
                        tracing::warn!(
                            process = process.pid,
                            "PostgreSQL gave no answer in time: its work was cancelled"
                        );
                    }
                    cancelled.get_or_insert_with(Instant::now);
                }
                Err(error) => tracing::debug!(%error, "PostgreSQL cannot be asked to cancel"),
            }
            if is_over() {
                break;
            }
            sleep(pause).await;
            pause = longest.min(pause * 2);
        }
        self.close_unless(waiting, sessions.patience()).await;
    }

    /// Cancels or ends a process by whichever way leads to the server.
    async fn signal(
        &self,
        sessions: &Arc<Sessions>,
        host: usize,
        process: Process,
        is_late: bool,
    ) -> Result<Found, StoreError> {
        let ask = sessions.signal(process, is_late);
        let mut kept = self.side.lock().await;
        let mut failure = None;
        // The one that is there, and then each way in turn.
        let first = kept.as_ref().map(|side| side.way);
        for way in first.into_iter().chain(0..self.ways.len()) {
            let answer = async {
                let side = match kept.take() {
                    Some(side) => side,
                    None => Side { session: self.ways[way].connect().await?, way },
                };
                self.ask(side, &ask).await
            };
            match timeout(sessions.acquire_timeout(), answer).await {
                Ok(Ok((side, found))) => {
                    // Another server than the one it runs on does not know it.
                    let is_left = Arc::ptr_eq(&self.ways[way], sessions) && side.session.host != host;
                    *kept = Some(side);
                    return Ok(if is_left { Found::Gone } else { found });
                }
                Ok(Err(error)) => failure = Some(error),
                Err(_) => failure = Some(StoreError::Unavailable("no answer in time".to_owned())),
            }
        }
        drop(kept);
        Err(failure.unwrap_or_else(|| StoreError::Unavailable("there is no way to PostgreSQL".to_owned())))
    }

    /// Asks on this connection, and gives it back when it can be used again.
    async fn ask(&self, mut side: Side, ask: &str) -> Result<(Side, Found), StoreError> {
        let rows = sqlx::raw_sql(AssertSqlSafe(ask)).fetch_all(&mut side.session.connection).await?;
        let Some(row) = rows.first() else { return Ok((side, Found::Gone)) };
        match row.try_get::<String, _>(0)?.as_str() {
            "hidden" => Err(StoreError::Unavailable("this user may not cancel it".to_owned())),
            _ => Ok((side, Found::Signalled)),
        }
    }

    /// Closes its connection, unless others wait.
    async fn close_unless(&self, waiting: Waiting<'_>, patience: Duration) {
        let mut side = self.side.lock().await;
        drop(waiting);
        if self.waiting.load(Ordering::Relaxed) == 0
            && let Some(side) = side.take()
        {
            close_all([side.session], patience).await;
        }
    }
}

impl<'a> Waiting<'a> {
    fn new(canceller: &'a Canceller) -> Self {
        canceller.waiting.fetch_add(1, Ordering::Relaxed);
        Self(canceller)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}
