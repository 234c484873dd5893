//! Has PostgreSQL let go of a connection whose answer did not come in time.
//!
//! COMMIT has no time limit at the server: while a synchronous standby is gone it waits until it is
//! cancelled, also when its client is gone. Without that, each connection that was given up would leave a
//! process there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use sqlx::{AssertSqlSafe, Row as _};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, timeout};

use super::rested::close_all;
use super::sessions::{Process, Session, Sessions};
use crate::ports::store::StoreError;

/// How long to wait before the server is asked again: first, and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(500));

/// A process that did not let go so long after it was cancelled waits for its client, on a way that is
/// broken. Only its end reaches it.
const CANCELLED_FOR: Duration = Duration::from_secs(1);

/// A process that is still there so long after its connection was closed belongs to a pooler, and works for
/// others.
const CLOSED_FOR: Duration = Duration::from_millis(100);

/// The clocks of the server and of this machine drift apart while a connection lasts, and a statement takes
/// time to arrive.
const DRIFT: Duration = Duration::from_millis(250);

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

/// What runs on a connection that is given up.
pub(super) struct Work {
    process: Process,
    /// On which of the servers.
    host: usize,
    /// What began later there is not of this connection: microseconds of Unix time by the server's clock.
    sent: i64,
    /// Whether the connection is still there: as long as it is, the process works for nothing else.
    pub(super) is_open: AtomicBool,
}

impl Work {
    /// The last statement of the session was sent at this moment; `None` where it cannot be told which
    /// process it runs on.
    pub(super) fn of(session: &Session, asked: Instant) -> Option<Self> {
        let process = session.process?;
        let since = asked.saturating_duration_since(session.born) + DRIFT;
        let sent = session.clock.saturating_add(i64::try_from(since.as_micros()).unwrap_or(i64::MAX));
        Some(Self { process, host: session.host, sent, is_open: AtomicBool::new(true) })
    }
}

/// What the server says of a process.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// It is not there, or works for another client.
    Gone,
    /// It does nothing, or something that began later.
    Idle,
    /// It does what it did, and was signalled.
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

    /// Waits until the server has let go of a connection that `sessions` made, and cancels its work again and
    /// again. It gives up, after one attempt, when `is_over`.
    pub(super) async fn end(&self, sessions: &Arc<Sessions>, work: &Work, is_over: impl Fn() -> bool) {
        let waiting = Waiting::new(self);
        let (mut pause, longest) = PAUSES;
        // When it was first found to be there, and when it was first found there without a connection.
        let (mut found, mut closed): (Option<Instant>, Option<Instant>) = (None, None);
        // What runs on a server that was left takes nothing from the one in use.
        while sessions.is_chosen(work.host) {
            let is_open = work.is_open.load(Ordering::Relaxed);
            let is_stuck = is_open && found.is_some_and(|since| since.elapsed() > CANCELLED_FOR);
            match self.signal(sessions, work, is_stuck && sessions.keep()).await {
                Ok(Found::Gone) => break,
                Ok(Found::Idle) if !is_open => {
                    if closed.get_or_insert_with(Instant::now).elapsed() > CLOSED_FOR {
                        break;
                    }
                }
                Ok(Found::Idle | Found::Signalled) => drop(found.get_or_insert_with(Instant::now)),
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
        work: &Work,
        is_stuck: bool,
    ) -> Result<Found, StoreError> {
        let ask = sessions.signal(work.process, work.sent, is_stuck);
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
                    let is_left = Arc::ptr_eq(&self.ways[way], sessions) && side.session.host != work.host;
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
            "idle" => Ok((side, Found::Idle)),
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
