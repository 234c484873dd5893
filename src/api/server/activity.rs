//! The activity of a connection, by which an inactive one is closed.
//!
//! hyper has a single timer for a slow head and for a connection that is idle between two requests. It starts
//! only once HTTP/1 is detected, and HTTP/2 has none. The two cases differ: a slow head is an attack, while
//! an idle connection belongs to a proxy that keeps it for its next request.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::Version;
use tokio::time::{Instant, sleep_until};

use super::limits::Limits;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The head of a request is arriving, or the connection is new and one is due.
    Head,
    /// This number of requests is running.
    Running(usize),
    /// The connection is idle.
    Resting,
}

/// Why a connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// A head or a request did not arrive in time.
    Idle,
    /// The client read nothing of a response.
    Stalled,
}

/// Observes one connection.
///
/// The end of a phase is not notified, which would set and clear timers with every request. Instead the
/// timeout checks again before a phase that began in the meantime could exceed its limit.
pub(super) struct Activity {
    now: Mutex<Now>,
    /// Over HTTP/2, bytes also arrive between requests, such as pings and window updates.
    is_http_2: AtomicBool,
    began: Instant,
    /// The number of response chunks that the client has not read.
    sending: AtomicUsize,
    /// When the client last read a part of one, in milliseconds since `began`.
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

    /// Whether the head of a request has arrived only in part.
    pub(super) fn is_at_a_head(&self) -> bool {
        self.now().phase == Phase::Head
    }

    /// Completes when a head is too slow, the connection has been idle too long, or the client has read
    /// nothing of a response for too long.
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

    /// Starts a request. It runs until the returned value is dropped, even if its connection breaks.
    pub(super) fn begin(self: &Arc<Self>, version: Version) -> Running {
        self.is_http_2.store(version == Version::HTTP_2, Ordering::Relaxed);
        self.now().go(|phase| match phase {
            Phase::Running(requests) => Phase::Running(requests + 1),
            Phase::Head | Phase::Resting => Phase::Running(1),
        });
        Running(Arc::clone(self))
    }

    /// Starts a response chunk. It waits for the client until the returned value is dropped.
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

    /// Since when the client has read nothing of a waiting chunk.
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

/// A response chunk that waits for the client.
pub(super) struct Sending(Arc<Activity>);

impl Sending {
    /// Records that the client read a part.
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

/// A running request.
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
