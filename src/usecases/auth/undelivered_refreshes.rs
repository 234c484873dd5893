use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::domain::{Generation, Session, SessionId, Timestamp};
use crate::ports::{Clock, Store};
use crate::usecases::failure::Failure;

/// The maximum number of lost responses that a process records, of about 40 bytes each. Above it only the
/// grace period protects clients.
const MOST: usize = 50_000;

/// The maximum number stored in one unit of work.
const BATCH: usize = 64;

/// How long after a lost response another one may still be unknown: each process stores its losses within a
/// second after the database is reachable again.
const UNCERTAIN: Duration = Duration::from_secs(5);

/// Records refreshes whose response from the database was lost: they may have been committed although no
/// client received the successor. Each is stored once the database answers again. From then on the previous
/// token is accepted until the successor is used, however long the outage was.
pub struct UndeliveredRefreshes {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    lost: Mutex<Lost>,
}

#[derive(Default)]
struct Lost {
    newest: BTreeMap<SessionId, Generation>,
    last: Option<Timestamp>,
}

/// A refresh in progress. If it is dropped before [`completed`](Self::completed), as when the database fails
/// or the request reaches its deadline, its response counts as lost.
pub(in crate::usecases) struct Delivery<'a> {
    refreshes: &'a UndeliveredRefreshes,
    session: SessionId,
    generation: Generation,
    is_completed: bool,
}

impl UndeliveredRefreshes {
    /// Starts without any lost response.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, lost: Mutex::default() }
    }

    /// Starts a refresh that replaces this generation.
    pub(in crate::usecases) fn delivery(&self, session: SessionId, replaced: Generation) -> Delivery<'_> {
        Delivery { refreshes: self, session, generation: replaced.saturating_add(1), is_completed: false }
    }

    /// Whether this process lost the response with the newest refresh token of this session.
    pub(in crate::usecases) fn has_lost(&self, session: &Session) -> bool {
        self.lost().newest.get(&session.id) == Some(&session.generation)
    }

    /// Whether another process may have lost responses that it has not stored yet, because this one lost some
    /// a moment ago.
    pub(in crate::usecases) fn is_uncertain(&self, now: Timestamp) -> bool {
        self.lost().last.is_some_and(|last| now.since(last) < UNCERTAIN)
    }

    /// Stores the lost responses. Those that cannot be stored are kept for the next run.
    pub async fn run(&self) -> Result<(), Failure> {
        loop {
            let batch: Vec<_> =
                self.lost().newest.iter().take(BATCH).map(|(id, newest)| (*id, *newest)).collect();
            if batch.is_empty() {
                return Ok(());
            }
            let mut work = self.store.begin().await?;
            for (session, generation) in &batch {
                work.rotations().mark_undelivered(*session, *generation).await?;
            }
            work.commit().await?;
            let mut lost = self.lost();
            for (session, generation) in batch {
                if lost.newest.get(&session) == Some(&generation) {
                    lost.newest.remove(&session);
                }
            }
        }
    }

    fn lost(&self) -> MutexGuard<'_, Lost> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Delivery<'_> {
    /// The refresh was answered, or did not rotate a token.
    pub(in crate::usecases) fn completed(mut self) {
        self.is_completed = true;
    }
}

impl Drop for Delivery<'_> {
    fn drop(&mut self) {
        if self.is_completed {
            return;
        }
        let now = self.refreshes.clock.now();
        let mut lost = self.refreshes.lost();
        lost.last = Some(now);
        if lost.newest.len() < MOST || lost.newest.contains_key(&self.session) {
            lost.newest.insert(self.session, self.generation);
        }
    }
}
