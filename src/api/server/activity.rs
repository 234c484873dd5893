//! What a connection is doing, so that it can be closed for doing too little.
//!
//! hyper has one timer for a head that is slow and for a connection that rests between two requests; it starts only
//! once HTTP/1 is told from HTTP/2, and there is none for the latter. The two are not the same: a slow head is an
//! attack, a resting connection is a proxy's, which expects it to be there for its next request.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::Version;
use tokio::time::{Instant, sleep_until};

use super::Limits;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The head of a request has begun to come, or the connection is new and one is due.
    Head,
    /// So many requests are running.
    Running(usize),
    /// Nothing is asked.
    Resting,
}

/// Why a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// A head did not come in time, or no request did.
    Idle,
    /// The client took nothing of an answer.
    Stalled,
}

/// Follows one connection.
///
/// Nobody is told when a phase ends: that would set and clear timers with every request. Whoever waits for a phase to
/// last too long looks again before one that has begun meanwhile could.
pub(super) struct Activity {
    now: Mutex<Now>,
    /// Over HTTP/2 bytes come between requests too, pings and windows.
    is_http_2: AtomicBool,
    began: Instant,
    /// How many pieces of answers wait for the client to take them.
    sending: AtomicUsize,
    /// When the client last took some of one, in milliseconds from `began`.
    taken: AtomicU64,
}

#[derive(Clone, Copy)]
struct Now {
    phase: Phase,
    since: Instant,
}

impl Activity {
    pub(super) fn new() -> Arc<Self> {
        let now = Now { phase: Phase::Head, since: Instant::now() };
        Arc::new(Self {
            now: Mutex::new(now),
            is_http_2: AtomicBool::new(false),
            began: now.since,
            sending: AtomicUsize::new(0),
            taken: AtomicU64::new(0),
        })
    }

    /// Whether the head of a request is half there.
    pub(super) fn is_at_a_head(&self) -> bool {
        self.now().phase == Phase::Head
    }

    /// Resolves when a head takes too long, no request has come for too long, or the client has taken nothing of an answer for
    /// too long.
    pub(super) async fn abandoned(&self, limits: &Limits) -> End {
        let soonest = limits.header_timeout.min(limits.idle_timeout).min(limits.stall);
        loop {
            let Now { phase, since } = *self.now();
            let end = match phase {
                Phase::Head => Some(since + limits.header_timeout),
                Phase::Resting => Some(since + limits.idle_timeout),
                Phase::Running(_) => None,
            };
            let stalled = self.untaken_since().map(|since| since + limits.stall);
            let now = Instant::now();
            if end.is_some_and(|end| end <= now) {
                return End::Idle;
            }
            if stalled.is_some_and(|end| end <= now) {
                return End::Stalled;
            }
            let end = end.into_iter().chain(stalled).min();
            sleep_until(end.map_or(now + soonest, |end| end.min(now + soonest))).await;
        }
    }

    /// A request runs until what this returns is dropped, also when its connection breaks off.
    pub(super) fn begin(self: &Arc<Self>, version: Version) -> Running {
        self.is_http_2.store(version == Version::HTTP_2, Ordering::Relaxed);
        self.now().go(|phase| match phase {
            Phase::Running(requests) => Phase::Running(requests + 1),
            Phase::Head | Phase::Resting => Phase::Running(1),
        });
        Running(Arc::clone(self))
    }

    /// A piece of an answer waits for the client until what this returns is dropped.
    pub(super) fn begin_to_send(this: &Arc<Self>) -> Sending {
        if this.sending.fetch_add(1, Ordering::Relaxed) == 0 {
            this.progressed();
        }
        Sending(Arc::clone(this))
    }

    fn progressed(&self) {
        let taken = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.taken.store(taken, Ordering::Relaxed);
    }

    /// Since when the client takes nothing of what waits for it.
    fn untaken_since(&self) -> Option<Instant> {
        let waits = self.sending.load(Ordering::Relaxed) > 0;
        waits.then(|| self.began + Duration::from_millis(self.taken.load(Ordering::Relaxed)))
    }

    pub(super) fn bytes_came(&self) {
        if !self.is_http_2.load(Ordering::Relaxed) {
            self.now().go(|phase| if phase == Phase::Resting { Phase::Head } else { phase });
        }
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Now {
    fn go(&mut self, on: impl FnOnce(Phase) -> Phase) {
        let phase = on(self.phase);
        if phase != self.phase {
            *self = Self { phase, since: Instant::now() };
        }
    }
}

/// A piece of an answer that waits for the client.
pub(super) struct Sending(Arc<Activity>);

impl Sending {
    /// The client took some of it.
    pub(super) fn progressed(&self) {
        self.0.progressed();
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        self.0.sending.fetch_sub(1, Ordering::Relaxed);
        self.0.progressed();
    }
}

/// A request that runs.
pub(super) struct Running(Arc<Activity>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.now().go(|phase| match phase {
            Phase::Running(requests @ 2..) => Phase::Running(requests - 1),
            Phase::Running(_) | Phase::Head | Phase::Resting => Phase::Resting,
        });
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use tokio::time::advance;

    use super::*;
    use crate::api::budget::Budget;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn a_client_that_takes_some_of_its_answer_may_be_slow() {
        let far = 1_000 * SECOND;
        let limits = Limits {
            header_timeout: far,
            idle_timeout: far,
            stall: 10 * SECOND,
            connections: 1,
            budget: Budget { connections: 1, http_2: 1, requests: 1, unsent: 1 },
            trusted: Vec::new(),
            grace: far,
        };
        let activity = Activity::new();
        let is_abandoned = || activity.abandoned(&limits).now_or_never() == Some(End::Stalled);
        advance(20 * SECOND).await;
        let sending = Activity::begin_to_send(&activity);
        for _ in 0..3 {
            advance(9 * SECOND).await;
            assert!(!is_abandoned());
            sending.progressed();
        }
        let other = Activity::begin_to_send(&activity);
        advance(9 * SECOND).await;
        drop(other);
        advance(9 * SECOND).await;
        assert!(!is_abandoned());
        advance(2 * SECOND).await;
        assert!(is_abandoned());
        drop(sending);
        assert!(!is_abandoned());
    }
}
