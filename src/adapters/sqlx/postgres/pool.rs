//! Connections to PostgreSQL, each used by one caller at a time.
//!
//! A connection that has just answered is used again without a test. An idle one is tested first. A
//! connection is closed if it is old, if it has been idle for long, or if the server has ended it or become
//! read-only.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};

use super::cancel::Canceller;
use super::lease::PooledConnection;
use super::rested::{Kept, Rested, close_all, sweep};
use super::sessions::{Session, Sessions};
use crate::ports::store::{PoolState, StoreError};
use crate::tasks::Backoff;

/// The first and the longest back-off between attempts to connect.
const PAUSES: Backoff = Backoff::new(Duration::from_millis(10), Duration::from_millis(200));

/// The test of an idle connection may take the acquire timeout divided by this: a new connection may have to
/// be made in the remaining time.
const TEST: u32 = 4;

/// One in this many connections is reserved for reads: a commit may wait for a standby for as long as its
/// caller does, and reads must go on.
const READS: u32 = 4;

/// Connections for one purpose. Cheap to clone; the clones share the connections.
#[derive(Clone)]
pub(in crate::adapters::sqlx) struct ConnectionPool {
    shared: Arc<Shared>,
    /// The permits for changes, if changes may not use all connections.
    changes: Option<Changes>,
}

#[derive(Clone)]
struct Changes {
    permits: Arc<Semaphore>,
    count: u32,
}

/// The right to use a connection.
pub(super) struct Permit {
    _connection: OwnedSemaphorePermit,
    _change: Option<OwnedSemaphorePermit>,
}

pub(super) struct Shared {
    pub(super) sessions: Arc<Sessions>,
    pub(super) canceller: Arc<Canceller>,
    /// One permit for each connection, given to callers in the order in which they came.
    permits: Arc<Semaphore>,
    count: u32,
    acquire_timeout: Duration,
    pub(super) patience: Duration,
    rested: Mutex<Rested>,
}

impl ConnectionPool {
    /// Creates a pool of at most `count` connections. `acquire_timeout` limits the wait for a connection, and
    /// `patience` the wait for an answer on it.
    pub(super) fn new(
        sessions: Arc<Sessions>,
        canceller: Arc<Canceller>,
        count: u32,
        acquire_timeout: Duration,
        patience: Duration,
    ) -> Self {
        let (permits, rested) = (permits(count), Mutex::default());
        let shared = Shared { sessions, canceller, permits, count, acquire_timeout, patience, rested };
        Self { shared: Arc::new(shared), changes: None }
    }

    /// Returns a pool of the same connections for changes. It leaves a part of them to reads.
    pub(super) fn for_changes(&self) -> Self {
        let count = self.shared.count - self.shared.count / READS;
        Self { changes: Some(Changes { permits: permits(count), count }), ..self.clone() }
    }

    /// Returns the source of the connections.
    pub(in crate::adapters::sqlx) fn sessions(&self) -> &Sessions {
        &self.shared.sessions
    }

    /// Returns the connections by state.
    pub(in crate::adapters::sqlx) fn state(&self, pool: &'static str) -> PoolState {
        let max = usize::try_from(self.shared.count).unwrap_or(usize::MAX);
        let used = max.saturating_sub(self.shared.permits.available_permits());
        // A connection that was returned after the line above is not counted twice.
        let idle = self.shared.rested().count().min(max - used);
        PoolState { pool, used, idle, max }
    }

    /// Waits for a connection.
    async fn lease(&self) -> Result<PooledConnection, StoreError> {
        let shared = &self.shared;
        shared.check()?;
        let began = Instant::now();
        let deadline = began + shared.acquire_timeout;
        let permit = timeout_at(deadline, self.permit()).await;
        let permit = permit.map_err(|_| self.no_permit(began))??;
        // The pool may have been closed during the wait.
        shared.check()?;
        let session = timeout_at(deadline, shared.session()).await;
        let session = session.unwrap_or_else(|_| Err(shared.no_connection(began)))?;
        Ok(PooledConnection::new(Arc::clone(shared), session, permit))
    }

    /// Waits for a connection for one statement. Begins a transaction if a session lasts only that long.
    pub(in crate::adapters::sqlx) async fn for_statement(&self) -> Result<PooledConnection, StoreError> {
        if self.shared.sessions.keep() { self.lease().await } else { self.begin().await }
    }

    /// Waits for a connection and begins a transaction on it.
    pub(in crate::adapters::sqlx) async fn begin(&self) -> Result<PooledConnection, StoreError> {
        let mut lease = self.lease().await?;
        lease.begin().await?;
        Ok(lease)
    }

    /// Waits for running work, then closes every connection. Later calls fail.
    pub(in crate::adapters::sqlx) async fn close(&self) {
        self.shared.rested().is_closed = true;
        // Callers that already wait get their permit first, and then fail.
        drop(self.shared.permits.acquire_many(self.shared.count).await);
        self.shared.permits.close();
        let (kept, mut tasks) = self.shared.rested().close();
        while tasks.join_next().await.is_some() {}
        close_all(kept, self.shared.patience).await;
    }

    /// Waits for the permits of this caller.
    async fn permit(&self) -> Result<Permit, StoreError> {
        let change = match &self.changes {
            Some(changes) => Some(acquire(&changes.permits).await?),
            None => None,
        };
        Ok(Permit { _connection: acquire(&self.shared.permits).await?, _change: change })
    }

    /// Returns the error of a caller that got no permit: every connection is in use or is still being made.
    fn no_permit(&self, began: Instant) -> StoreError {
        let count = self.changes.as_ref().map_or(self.shared.count, |changes| changes.count);
        let purpose = if self.changes.is_some() { " for changes" } else { "" };
        self.shared.sessions.failure_since(began).unwrap_or_else(|| {
            StoreError::Unavailable(format!(
                "none of the {count} connections to PostgreSQL{purpose} was free within {:?}",
                self.shared.acquire_timeout
            ))
        })
    }
}

fn permits(count: u32) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(usize::try_from(count).unwrap_or(Semaphore::MAX_PERMITS)))
}

async fn acquire(permits: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, StoreError> {
    permits.clone().acquire_owned().await.map_err(|_| closed())
}

impl Shared {
    /// Fails if the pool is closed or the database is unusable.
    fn check(&self) -> Result<(), StoreError> {
        if self.rested().is_closed { Err(closed()) } else { self.sessions.check() }
    }

    pub(super) fn rested(&self) -> MutexGuard<'_, Rested> {
        self.rested.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns an idle connection, or a new one.
    async fn session(&self) -> Result<Session, StoreError> {
        loop {
            let kept = self.rested().take();
            let Some(Kept { mut session, is_trusted }) = kept else { return self.connect().await };
            // New connections go to another server. This one is not used, even if it still answers.
            if !self.sessions.is_chosen(session.host) {
                let patience = self.patience;
                self.rested().spawn(close_all([session], patience));
                continue;
            }
            if is_trusted {
                return Ok(session);
            }
            match timeout(self.acquire_timeout / TEST, self.sessions.test(&mut session)).await {
                Ok(Ok(())) => return Ok(session),
                Ok(Err(error @ StoreError::Unusable(..))) => return Err(error),
                // The cause may have ended every connection, so each is tested before it is used.
                Ok(Err(_)) => self.rested().distrust(),
                // A server that does not answer on this connection, or a broken network, answers on none.
                // They are dropped, because a proper close would wait for an answer.
                Err(_) => drop(self.rested().take_all()),
            }
            // Another server is tried before the remaining connections to this one are tested.
            if self.sessions.are_of_several_hosts() {
                return self.connect().await;
            }
        }
    }

    /// Connects, and retries while another attempt may help. The caller limits the time.
    async fn connect(&self) -> Result<Session, StoreError> {
        let mut backoff = PAUSES;
        loop {
            match self.sessions.connect().await {
                Err(error) if error.may_pass() || matches!(error, StoreError::ReadOnly(_)) => {}
                made => return made,
            }
            tokio::time::sleep(backoff.wait()).await;
        }
    }

    fn no_connection(&self, began: Instant) -> StoreError {
        self.sessions.failure_since(began).unwrap_or_else(|| {
            let silence = format!("no answer from PostgreSQL within {:?}", self.acquire_timeout);
            self.sessions.record(StoreError::Unavailable(silence.clone()));
            StoreError::Unavailable(silence)
        })
    }

    /// Closes a connection that the server has ended, and has the others tested before they are used.
    pub(super) async fn end(&self, session: Session) {
        self.rested().distrust();
        close_all([session], self.patience).await;
    }

    pub(super) fn keep(self: &Arc<Self>, session: Session) {
        let mut rested = self.rested();
        if let Some(session) = rested.keep(session) {
            let patience = self.patience;
            rested.spawn(close_all([session], patience));
            return;
        }
        if !rested.is_swept() {
            rested.sweep(sweep(Arc::downgrade(self)));
        }
    }
}

pub(super) fn closed() -> StoreError {
    StoreError::Unavailable("the connections to PostgreSQL are closed".to_owned())
}
