//! What a connection is doing, so that it can be closed for doing too little.
//!
//! hyper has one timer for a head that is slow and for a connection that rests between two requests; it starts only
//! once HTTP/1 is told from HTTP/2, and there is none for the latter. The two are not the same: a slow head is an
//! attack, a resting connection is a proxy's, which expects it to be there for its next request.

use std::io::{IoSlice, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use hyper::Version;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;

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
pub(super) struct Activity {
    phase: watch::Sender<Phase>,
    /// Over HTTP/2 bytes come between requests too, pings and windows.
    is_http_2: AtomicBool,
}

impl Activity {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { phase: watch::Sender::new(Phase::Head), is_http_2: AtomicBool::new(false) })
    }

    /// Whether the head of a request is half there.
    pub(super) fn is_at_a_head(&self) -> bool {
        *self.phase.borrow() == Phase::Head
    }

    /// Resolves when a head takes too long, or no request has come for too long.
    pub(super) async fn abandoned(&self, limits: Limits) {
        let mut phases = self.phase.subscribe();
        loop {
            let phase = *phases.borrow_and_update();
            let patience = match phase {
                Phase::Head => limits.header_timeout,
                Phase::Resting => limits.idle_timeout,
                Phase::Running(_) => {
                    // Cannot fail: `self` holds the sender.
                    let _ = phases.changed().await;
                    continue;
                }
            };
            if timeout(patience, phases.changed()).await.is_err() {
                return;
            }
        }
    }

    /// A request runs until what this returns is dropped, also when its connection breaks off.
    pub(super) fn begin(self: &Arc<Self>, version: Version) -> Running {
        self.is_http_2.store(version == Version::HTTP_2, Ordering::Relaxed);
        self.phase.send_modify(|phase| {
            *phase = match *phase {
                Phase::Running(requests) => Phase::Running(requests + 1),
                Phase::Head | Phase::Resting => Phase::Running(1),
            };
        });
        Running(Arc::clone(self))
    }

    fn bytes_came(&self) {
        let is_http_1 = !self.is_http_2.load(Ordering::Relaxed);
        self.phase.send_if_modified(|phase| {
            let begins = is_http_1 && *phase == Phase::Resting;
            if begins {
                *phase = Phase::Head;
            }
            begins
        });
    }
}

/// A request that runs.
pub(super) struct Running(Arc<Activity>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.phase.send_modify(|phase| {
            *phase = match *phase {
                Phase::Running(requests @ 2..) => Phase::Running(requests - 1),
                _ => Phase::Resting,
            };
        });
    }
}

/// A socket that tells its [`Activity`] when bytes come.
pub(super) struct Watched {
    pub(super) socket: TcpStream,
    pub(super) activity: Arc<Activity>,
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.socket).poll_read(cx, buffer))?;
        if buffer.filled().len() > before {
            self.activity.bytes_came();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        Pin::new(&mut self.socket).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        Pin::new(&mut self.socket).poll_write_vectored(cx, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}
