//! Connections to PostgreSQL, each used by one caller after the other.
//!
//! A connection that has just answered is not tested: it waits here for the next caller. One that has rested
//! is tried first, one that is old or has not been needed for long is closed, and so is one that the server
//! has given up or turned read-only.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout, timeout_at};

use super::lease::PooledConnection;
use super::rested::{Kept, Rested, close_all, sweep};
use super::sessions::{Session, Sessions};
use crate::ports::store::StoreError;

/// How long to wait before the next attempt to connect: first, and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(200));

/// The part of the time to wait for a connection that the test of a rested one may take: a new one may have
/// to be made in the rest.
const TEST: u32 = 4;

/// Connections for one purpose. Cheap to clone: the clones share them.
#[derive(Clone)]
pub(in crate::adapters::sqlx) struct ConnectionPool(Arc<Shared>);

pub(super) struct Shared {
    pub(super) sessions: Arc<Sessions>,
    /// One for each connection, given to callers in the order in which they came.
    permits: Arc<Semaphore>,
    count: u32,
    acquire_timeout: Duration,
    pub(super) patience: Duration,
    rested: Mutex<Rested>,
}

impl ConnectionPool {
    /// Has as many at once as `count`. How long to wait for a connection, and at most for an answer on it.
    pub(super) fn new(
        sessions: Arc<Sessions>,
        count: u32,
        acquire_timeout: Duration,
        patience: Duration,
    ) -> Self {
        let permits = Arc::new(Semaphore::new(usize::try_from(count).unwrap_or(Semaphore::MAX_PERMITS)));
        let rested = Mutex::default();
        Self(Arc::new(Shared { sessions, permits, count, acquire_timeout, patience, rested }))
    }

    /// What makes the connections.
    pub(in crate::adapters::sqlx) fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    /// Waits for a connection.
    async fn lease(&self) -> Result<PooledConnection, StoreError> {
        let shared = &self.0;
        shared.check()?;
        let began = Instant::now();
        let deadline = began + shared.acquire_timeout;
        let permit = timeout_at(deadline, Arc::clone(&shared.permits).acquire_owned()).await;
        let permit = permit.map_err(|_| shared.no_permit(began))?.map_err(|_| closed())?;
        // It may have been closed while this waited.
        shared.check()?;
        let session = timeout_at(deadline, shared.session()).await;
        let session = session.unwrap_or_else(|_| Err(shared.no_connection(began)))?;
        Ok(PooledConnection::new(Arc::clone(shared), session, permit))
    }

    /// Waits for a connection for one statement. Where a session lasts as long as a transaction, it begins
    /// one.
    pub(in crate::adapters::sqlx) async fn for_statement(&self) -> Result<PooledConnection, StoreError> {
        if self.0.sessions.keep() { self.lease().await } else { self.begin().await }
    }

    /// Waits for a connection, and begins a transaction on it.
    pub(in crate::adapters::sqlx) async fn begin(&self) -> Result<PooledConnection, StoreError> {
        let mut lease = self.lease().await?;
        lease.begin().await?;
        Ok(lease)
    }

    /// Waits for what is running, then closes every connection. Later calls are refused.
    pub(in crate::adapters::sqlx) async fn close(&self) {
        self.0.rested().is_closed = true;
        // Callers that wait for a permit get it first, and are refused.
        drop(self.0.permits.acquire_many(self.0.count).await);
        self.0.permits.close();
        let (kept, mut tasks) = self.0.rested().close();
        while tasks.join_next().await.is_some() {}
        close_all(kept, self.0.patience).await;
    }
}

impl Shared {
    /// Whether a connection may be used at all.
    fn check(&self) -> Result<(), StoreError> {
        if self.rested().is_closed { Err(closed()) } else { self.sessions.check() }
    }

    pub(super) fn rested(&self) -> MutexGuard<'_, Rested> {
        self.rested.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection that rested, or a new one.
    async fn session(&self) -> Result<Session, StoreError> {
        loop {
            let kept = self.rested().take();
            let Some(Kept { mut session, is_trusted }) = kept else { return self.connect().await };
            // One to a server that was left is of no use, even where it still answers.
            if !self.sessions.is_current(&session) {
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
                // What ended this one may have ended all, and each is tried before it is used.
                Ok(Err(_)) => self.rested().distrust(),
                // A server, or a way to it, that is silent on this one is silent on all. Closed without a
                // word, which would wait for an answer.
                Err(_) => drop(self.rested().take_all()),
            }
            // Another server is asked before each connection to this one is waited for.
            if self.sessions.are_of_several_hosts() {
                return self.connect().await;
            }
        }
    }

    /// Connects, again and again while another attempt may help: the caller ends this in time.
    async fn connect(&self) -> Result<Session, StoreError> {
        let (mut pause, longest) = PAUSES;
        loop {
            match self.sessions.connect().await {
                Err(StoreError::Unavailable(_) | StoreError::ReadOnly(_)) => {}
                made => return made,
            }
            tokio::time::sleep(pause).await;
            pause = longest.min(pause * 2);
        }
    }

    /// Every connection is in use, or each waits to be made.
    fn no_permit(&self, began: Instant) -> StoreError {
        self.sessions.failure_since(began).unwrap_or_else(|| {
            StoreError::Unavailable(format!(
                "none of the {} connections to PostgreSQL was free within {:?}",
                self.count, self.acquire_timeout
            ))
        })
    }

    fn no_connection(&self, began: Instant) -> StoreError {
        self.sessions.failure_since(began).unwrap_or_else(|| {
            let silence = format!("no answer from PostgreSQL within {:?}", self.acquire_timeout);
            self.sessions.record(StoreError::Unavailable(silence.clone()));
            StoreError::Unavailable(silence)
        })
    }

    /// Drops a connection that the server has ended, and has the others tried before they are used.
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
