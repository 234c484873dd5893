use std::io::{Error, IoSlice, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::activity::Activity;
use super::frame_limits::FrameLimits;
use super::frames::{CALM_DOWN, Frames, PREFACE};
use super::lines::Lines;
use super::opening::Opening;
use crate::api::budget::Connection;

/// A byte that no head can contain: hyper responds with 400 to it, after the previous requests, and closes
/// the connection.
const NO_TEXT: u8 = 0;

/// A socket that observes the traffic, and refuses requests that hyper would accept.
pub(super) struct Watched {
    opening: Opening,
    socket: TcpStream,
    activity: Arc<Activity>,
    connection: Arc<Connection>,
    wire: Wire,
}

/// The protocol of a connection.
enum Wire {
    /// Unknown: this number of bytes match the preface of HTTP/2.
    Either(usize),
    Http1(Lines),
    Http2 {
        from_client: Frames,
        to_client: Frames,
        frame_limits: FrameLimits,
    },
}

/// The verdict on received bytes.
enum Verdict {
    Fine,
    /// The byte at this position makes the request ambiguous: two servers can interpret it differently.
    Ambiguous(usize),
    /// Too many frames.
    Flood,
}

impl Watched {
    pub(super) const fn new(
        opening: Opening,
        socket: TcpStream,
        activity: Arc<Activity>,
        connection: Arc<Connection>,
    ) -> Self {
        Self { opening, socket, activity, connection, wire: Wire::Either(0) }
    }

    /// Sends the reason if the protocol allows it, and ends the connection.
    fn end(&self) -> Error {
        if self.wire.can_take_a_frame() {
            // A client that does not read gets no reason.
            let _ = self.socket.try_write(&CALM_DOWN);
        }
        self.connection.flooded();
        Error::other("too many frames")
    }
}

impl Wire {
    fn received(&mut self, bytes: &[u8]) -> Verdict {
        match self {
            Self::Either(known) => {
                let compared = (PREFACE.len() - *known).min(bytes.len());
                let begin = &PREFACE[..*known];
                if bytes[..compared] != PREFACE[*known..*known + compared] {
                    let mut lines = Lines::new();
                    lines.feed(begin);
                    let refused = lines.feed(bytes);
                    *self = Self::Http1(lines);
                    return refused.map_or(Verdict::Fine, Verdict::Ambiguous);
                }
                *known += compared;
                if *known < PREFACE.len() {
                    return Verdict::Fine;
                }
                let (from_client, to_client) = (Frames::default(), Frames::default());
                *self = Self::Http2 { from_client, to_client, frame_limits: FrameLimits::new() };
                self.received(&bytes[compared..])
            }
            Self::Http1(lines) => lines.feed(bytes).map_or(Verdict::Fine, Verdict::Ambiguous),
            Self::Http2 { from_client, frame_limits, .. } => {
                let mut verdict = Verdict::Fine;
                from_client.feed(bytes, |frame| {
                    if !frame_limits.received(frame, Instant::now) {
                        verdict = Verdict::Flood;
                    }
                });
                verdict
            }
        }
    }

    fn sent(&mut self, bytes: &[u8]) {
        if let Self::Http2 { to_client, frame_limits, .. } = self {
            to_client.feed(bytes, |frame| frame_limits.sent(frame));
        }
    }

    fn can_take_a_frame(&self) -> bool {
        matches!(self, Self::Http2 { to_client, .. } if to_client.is_between())
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let before = buffer.filled().len();
        self.opening.replay(buffer);
        let read = Pin::new(&mut self.socket).poll_read(cx, buffer)?;
        if buffer.filled().len() == before {
            ready!(read);
        }
        let came = &mut buffer.filled_mut()[before..];
        if came.is_empty() {
            return Poll::Ready(Ok(()));
        }
        self.activity.bytes_came();
        match self.wire.received(came) {
            Verdict::Fine => {}
            Verdict::Ambiguous(at) => came[at] = NO_TEXT,
            Verdict::Flood => return Poll::Ready(Err(self.end())),
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let written = ready!(Pin::new(&mut self.socket).poll_write(cx, bytes))?;
        self.wire.sent(&bytes[..written]);
        Poll::Ready(Ok(written))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let written = ready!(Pin::new(&mut self.socket).poll_write_vectored(cx, bytes))?;
        let mut left = written;
        for slice in bytes {
            let sent = slice.len().min(left);
            self.wire.sent(&slice[..sent]);
            left -= sent;
        }
        Poll::Ready(Ok(written))
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
