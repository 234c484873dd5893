//! Idle connections of a pool.

use std::collections::VecDeque;
use std::sync::Weak;
use std::time::Duration;

use sqlx::Connection as _;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep, timeout};

use super::limits::TRUSTED_FOR;
use super::pool::Shared;
use super::sessions::Session;

/// A connection that was idle for longer is closed.
const IDLE: Duration = Duration::from_mins(10);
/// How often to look for connections to close.
const SWEEP: Duration = Duration::from_mins(1);

#[derive(Default)]
pub(super) struct Rested {
    /// The connection that was returned last is at the end.
    connections: VecDeque<Waiting>,
    pub(super) is_closed: bool,
    /// The task that closes connections that are not needed.
    sweeper: Option<AbortHandle>,
    tasks: JoinSet<()>,
}

struct Waiting {
    session: Session,
    since: Instant,
    is_distrusted: bool,
}

/// An idle connection that was taken for use.
pub(super) struct Kept {
    pub(super) session: Session,
    /// Whether it can be used without a test.
    pub(super) is_trusted: bool,
}

impl Rested {
    /// Takes the connection that was returned last.
    pub(super) fn take(&mut self) -> Option<Kept> {
        let Waiting { session, since, is_distrusted } = self.connections.pop_back()?;
        // The time includes a freeze of the whole process, so that a connection is not trusted after one.
        Some(Kept { session, is_trusted: !is_distrusted && since.elapsed() < TRUSTED_FOR })
    }

    /// Keeps a connection for the next caller. Returns it if it is to be closed instead.
    pub(super) fn keep(&mut self, session: Session) -> Option<Session> {
        if self.is_closed || Instant::now() > session.ends {
            return Some(session);
        }
        self.connections.push_back(Waiting { session, since: Instant::now(), is_distrusted: false });
        None
    }

    /// Has every idle connection tested before it is used.
    pub(super) fn distrust(&mut self) {
        for waiting in &mut self.connections {
            waiting.is_distrusted = true;
        }
    }

    pub(super) fn count(&self) -> usize {
        self.connections.len()
    }

    pub(super) fn take_all(&mut self) -> Vec<Session> {
        self.take_where(|_| true)
    }

    /// Takes the connections that are older than `age`.
    pub(super) fn take_older(&mut self, age: Duration) -> Vec<Session> {
        self.take_where(|waiting| waiting.session.born.elapsed() > age)
    }

    fn take_where(&mut self, wanted: impl Fn(&Waiting) -> bool) -> Vec<Session> {
        let (taken, left): (VecDeque<_>, _) =
            std::mem::take(&mut self.connections).into_iter().partition(wanted);
        self.connections = left;
        taken.into_iter().map(|waiting| waiting.session).collect()
    }

    /// Accepts no more connections. Returns all that are idle, and the tasks that still run.
    pub(super) fn close(&mut self) -> (Vec<Session>, JoinSet<()>) {
        self.is_closed = true;
        if let Some(sweeper) = self.sweeper.take() {
            sweeper.abort();
        }
        (self.take_all(), std::mem::take(&mut self.tasks))
    }

    pub(super) fn spawn(&mut self, task: impl Future<Output = ()> + Send + 'static) -> AbortHandle {
        // Removes tasks that have ended, which the set would keep.
        while self.tasks.try_join_next().is_some() {}
        self.tasks.spawn(task)
    }

    pub(super) const fn is_swept(&self) -> bool {
        self.sweeper.is_some()
    }

    pub(super) fn sweep(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        self.sweeper = Some(self.spawn(task));
    }
}

/// Closes connections that are too old or were idle for too long, at intervals, until none is left.
pub(super) async fn sweep(shared: Weak<Shared>) {
    loop {
        sleep(SWEEP).await;
        let Some(shared) = shared.upgrade() else { return };
        let (old, is_over) = {
            let mut rested = shared.rested();
            let old = rested.take_where(|waiting| {
                waiting.since.elapsed() > IDLE || Instant::now() > waiting.session.ends
            });
            let is_over = rested.connections.is_empty();
            if is_over {
                rested.sweeper = None;
            }
            drop(rested);
            (old, is_over)
        };
        close_all(old, shared.patience).await;
        if is_over {
            return;
        }
    }
}

/// Closes connections properly. Waits for each at most for `patience`.
pub(super) async fn close_all(sessions: impl IntoIterator<Item = Session>, patience: Duration) {
    for session in sessions {
        drop(timeout(patience, session.connection.close()).await);
    }
}
