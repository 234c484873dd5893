//! The progress of reading a request body, and its state when the response is sent.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use http_body_util::combinators::BoxBody;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use poem::http::header::{CONNECTION, EXPECT};
use poem::http::{HeaderValue, Version};
use poem::{Request, Response};

/// The number of consecutive polls for more of a discarded body. Data that has arrived is available by then.
const LOOKS: usize = 4;

/// Observes the body of one request.
pub struct Reading {
    version: Version,
    /// Whether the client sends the body only after `100 Continue`. hyper sends that when the body is read.
    is_asked_for: bool,
    followed: Option<Arc<Mutex<State>>>,
}

struct State {
    /// Whether a reader is waiting for the client.
    waits: bool,
    /// The body, until its end.
    body: Option<BoxBody<Bytes, io::Error>>,
}

impl Reading {
    /// Observes the body of the request, if it has one.
    pub fn of(request: &mut Request) -> Self {
        let (version, is_asked_for) = (request.version(), request.headers().contains_key(EXPECT));
        let body = request.take_body();
        if body.is_empty() {
            return Self { version, is_asked_for, followed: None };
        }
        let state = Arc::new(Mutex::new(State { waits: false, body: Some(body.into()) }));
        request.set_body(poem::Body::from(BoxBody::new(Followed(Arc::clone(&state)))));
        Self { version, is_asked_for, followed: Some(state) }
    }

    /// Whether the body is still being read.
    pub fn is_unfinished(&self) -> bool {
        self.followed.as_ref().is_some_and(|state| locked(state).waits)
    }

    /// Reads the received part of a body that the endpoint did not read, up to a limit in bytes. If that is
    /// not the whole body, hyper closes the connection after the response, so the response announces it:
    /// otherwise a proxy would send the next request on the connection.
    pub async fn finish(&self, response: &mut Response, limit: usize) {
        let left = self.followed.as_ref().and_then(|state| locked(state).body.take());
        // An HTTP/2 stream ends independently of its connection.
        if self.version >= Version::HTTP_2 {
            return;
        }
        if let Some(body) = left.filter(|body| !body.is_end_stream())
            && (self.is_asked_for || !is_read_to_its_end(body, limit).await)
        {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
    }
}

async fn is_read_to_its_end(mut body: BoxBody<Bytes, io::Error>, mut limit: usize) -> bool {
    let mut looks = 0;
    poll_fn(move |cx| {
        loop {
            match Pin::new(&mut body).poll_frame(cx) {
                Poll::Ready(None) => return Poll::Ready(true),
                Poll::Ready(Some(Err(_))) => return Poll::Ready(false),
                Poll::Ready(Some(Ok(frame))) => {
                    looks = 0;
                    match limit.checked_sub(frame.data_ref().map_or(0, Bytes::len)) {
                        Some(less) => limit = less,
                        None => return Poll::Ready(false),
                    }
                }
                Poll::Pending if looks == LOOKS => return Poll::Ready(false),
                Poll::Pending => {
                    looks += 1;
                    // This task owns the connection, which reads from its socket when the task is polled
                    // again.
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
            }
        }
    })
    .await
}

fn locked(state: &Mutex<State>) -> std::sync::MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A request body that records whether its reader is waiting for the client. The unread rest stays in the
/// shared state.
struct Followed(Arc<Mutex<State>>);

impl Body for Followed {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let mut state = locked(&self.0);
        let Some(body) = &mut state.body else { return Poll::Ready(None) };
        let polled = Pin::new(body).poll_frame(cx);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            state.body = None;
        }
        state.waits = polled.is_pending();
        polled
    }

    fn is_end_stream(&self) -> bool {
        locked(&self.0).body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        locked(&self.0).body.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

/// A dropped body has no reader.
impl Drop for Followed {
    fn drop(&mut self) {
        locked(&self.0).waits = false;
    }
}
