//! What a connection is doing, so that it can be closed for doing too little.
//!
//! hyper has one timer for a head that is slow and for a connection that rests between two requests; it starts only
//! once HTTP/1 is told from HTTP/2, and there is none for the latter. The two are not the same: a slow head is an
//! attack, a resting connection is a proxy's, which expects it to be there for its next request.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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

/// Follows one connection.
///
/// Nobody is told when a phase ends: that would set and clear timers with every request. Whoever waits for a phase to
/// last too long looks again before one that has begun meanwhile could.
pub(super) struct Activity {
    now: Mutex<Now>,
    /// Over HTTP/2 bytes come between requests too, pings and windows.
    is_http_2: AtomicBool,
}

#[derive(Clone, Copy)]
struct Now {
    phase: Phase,
    since: Instant,
}

impl Activity {
    pub(super) fn new() -> Arc<Self> {
        let now = Now { phase: Phase::Head, since: Instant::now() };
        Arc::new(Self { now: Mutex::new(now), is_http_2: AtomicBool::new(false) })
    }

    /// Whether the head of a request is half there.
    pub(super) fn is_at_a_head(&self) -> bool {
        self.now().phase == Phase::Head
    }

    /// Resolves when a head takes too long, or no request has come for too long.
    pub(super) async fn abandoned(&self, limits: Limits) {
        let soonest = limits.header_timeout.min(limits.idle_timeout);
        loop {
            let Now { phase, since } = *self.now();
            let end = match phase {
                Phase::Head => Some(since + limits.header_timeout),
                Phase::Resting => Some(since + limits.idle_timeout),
                Phase::Running(_) => None,
            };
            let now = Instant::now();
            if end.is_some_and(|end| end <= now) {
                return;
            }
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
