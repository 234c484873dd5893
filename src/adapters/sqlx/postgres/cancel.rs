//! Cancels what runs on connections whose answer did not come in time.
//!
//! A COMMIT has no time limit at the server. Without its synchronous standby it waits until it is cancelled,
//! also after its client has left, and would leave a server process there.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use std::time::Duration;

use sqlx::{AssertSqlSafe, Row as _};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, timeout};

use super::rested::close_all;
use super::sessions::process::Process;
use super::sessions::{Session, Sessions};
use crate::ports::store::StoreError;
use crate::tasks::Backoff;

/// How long to wait before the server is asked again: first, and at most.
const PAUSES: Backoff = Backoff::new(Duration::from_millis(20), Duration::from_millis(500));

/// A process that did not let go so long after it was cancelled waits for its client, on a way that is
/// broken. Only its end reaches it.
const CANCELLED_FOR: Duration = Duration::from_secs(1);

/// A process still there so long after its connection was closed belongs to a pooler, and works for others.
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
    /// Why nothing can be cancelled at the moment.
    failure: StdMutex<Option<StoreError>>,
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
    /// When the connection was made, and the server's clock then: microseconds of Unix time.
    born: (Instant, i64),
    /// When the last statement was sent.
    asked: Instant,
    /// When the connection was closed. As long as it is open, the process works for nothing else. Locked
    /// while a signal is on its way, so that the connection is not closed, and the process given to another
    /// client of a pooler, between the decision and the signal.
    closed: Mutex<Option<Instant>>,
}

impl Work {
    /// The last statement of the session was sent at this moment. `None` if the process is not known.
    pub(super) fn of(session: &Session, asked: Instant) -> Option<Self> {
        let process = session.process?;
        let born = (session.born, session.clock);
        Some(Self { process, host: session.host, born, asked, closed: Mutex::default() })
    }

    /// Closes the connection by `closing`, when no signal is on its way to its process.
    pub(super) async fn close(&self, closing: impl Future<Output = ()>) {
        *self.closed.lock().await = Some(Instant::now());
        closing.await;
    }

    /// The moment after which a statement that begins is not of this connection: microseconds of Unix time by
    /// the server's clock. Once the connection is closed, without `DRIFT`: the process may have another
    /// client.
    fn sent(&self, closed: Option<Instant>) -> i64 {
        let (born, clock) = self.born;
        let by = |moment: Instant| {
            let since = moment.saturating_duration_since(born).as_micros();
            clock.saturating_add(i64::try_from(since).unwrap_or(i64::MAX))
        };
        let sent = by(self.asked + DRIFT);
        closed.map_or(sent, |closed| sent.min(by(closed)))
    }

    /// Whether only the end of the process reaches it: it is still there so long after `found`, when it was
    /// first cancelled. Never once the connection is closed.
    fn is_stuck(found: Option<Instant>, closed: Option<Instant>) -> bool {
        closed.is_none() && found.is_some_and(|found| found.elapsed() > CANCELLED_FOR)
    }
}

/// What the server says of a process.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// It is not there, or works for another client.
    Gone,
    /// It does nothing, or something that began later.
    Idle { is_open: bool },
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
        Self { ways, side: Mutex::default(), waiting: AtomicUsize::new(0), failure: StdMutex::default() }
    }

    /// Waits until the server has let go of a connection that `sessions` made, and cancels its work again and
    /// again. It gives up, after one attempt, when `is_over`.
    pub(super) async fn end(&self, sessions: &Arc<Sessions>, work: &Work, is_over: impl Fn() -> bool) {
        let waiting = Waiting::new(self);
        let mut backoff = PAUSES;
        // When it was first found to be there, and when it was first found there without a connection.
        let (mut found, mut closed): (Option<Instant>, Option<Instant>) = (None, None);
        // What runs on a server that was left takes nothing from the one in use.
        while sessions.is_chosen(work.host) {
            let answer = self.signal(sessions, work, found).await;
            self.report(answer.as_ref().err());
            match answer {
                Ok(Found::Gone) => break,
                Ok(Found::Idle { is_open: false }) => {
                    if closed.get_or_insert_with(Instant::now).elapsed() > CLOSED_FOR {
                        break;
                    }
                }
                Ok(Found::Idle { .. } | Found::Signalled) => drop(found.get_or_insert_with(Instant::now)),
                Err(_) => {}
            }
            if is_over() {
                break;
            }
            sleep(backoff.wait()).await;
        }
        self.close_unless(waiting, sessions.patience()).await;
    }

    /// Logs why nothing can be cancelled, once per reason, and forgets it when something can be.
    fn report(&self, failure: Option<&StoreError>) {
        let mut last = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        if last.as_ref() == failure {
            return;
        }
        *last = failure.cloned();
        drop(last);
        if let Some(error) = failure {
            tracing::warn!(%error, "failed to cancel statements, their connections stay in use");
        }
    }

    /// Cancels or ends a process by whichever way leads to the server. It was first found there at `found`.
    async fn signal(
        &self,
        sessions: &Arc<Sessions>,
        work: &Work,
        found: Option<Instant>,
    ) -> Result<Found, StoreError> {
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
                self.ask(side, sessions, work, found).await
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
    async fn ask(
        &self,
        mut side: Side,
        sessions: &Sessions,
        work: &Work,
        found: Option<Instant>,
    ) -> Result<(Side, Found), StoreError> {
        // Decided only now: the connection may have been closed while this one was waited for.
        let closed = work.closed.lock().await;
        let is_stuck = sessions.keep() && Work::is_stuck(found, *closed);
        let ask = sessions.signal(work.process, work.sent(*closed), is_stuck);
        let rows = sqlx::raw_sql(AssertSqlSafe(ask)).fetch_all(&mut side.session.connection).await?;
        let Some(row) = rows.first() else { return Ok((side, Found::Gone)) };
        match row.try_get::<String, _>(0)?.as_str() {
            "idle" => Ok((side, Found::Idle { is_open: closed.is_none() })),
            "hidden" => Err(StoreError::Unavailable("this user may not cancel it".to_owned())),
            _ => Ok((side, Found::Signalled)),
        }
    }

    /// Closes its connection, unless others wait.
    async fn close_unless(&self, waiting: Waiting<'_>, patience: Duration) {
        let mut side = self.side.lock().await;
        drop(waiting);
        if self.waiting.load(Ordering::Relaxed) > 0 {
            return;
        }
        self.report(None);
        if let Some(side) = side.take() {
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

#[cfg(test)]
mod tests;
