use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::combinators::BoxBody;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use poem::Request;

use crate::api::problem::Problem;

/// Gives up an answer that takes too long, so that the client can try again. The fault is the client's while its body is
/// still being read.
pub async fn keep<T>(
    limit: Duration,
    reading: Reading,
    answer: impl Future<Output = poem::Result<T>>,
) -> poem::Result<T> {
    tokio::time::timeout(limit, answer).await.unwrap_or_else(|_| {
        if reading.is_unfinished() {
            return Err(Problem::request_timeout().into());
        }
        tracing::warn!(?limit, "a request took too long");
        Err(Problem::unavailable().into())
    })
}

/// Whether the body of one request is still being read.
pub struct Reading(Option<Arc<AtomicBool>>);

impl Reading {
    /// Follows the body of the request. A request without a body has nothing to follow.
    pub fn of(request: &mut Request) -> Self {
        let body = request.take_body();
        if body.is_empty() {
            return Self(None);
        }
        let waits = Arc::new(AtomicBool::new(false));
        let followed = Followed { body: body.into(), waits: Arc::clone(&waits) };
        request.set_body(poem::Body::from(BoxBody::new(followed)));
        Self(Some(waits))
    }

    fn is_unfinished(&self) -> bool {
        self.0.as_ref().is_some_and(|waits| waits.load(Ordering::Relaxed))
    }
}

/// A request body that notes whether its reader waits for the client.
struct Followed {
    body: BoxBody<Bytes, io::Error>,
    waits: Arc<AtomicBool>,
}

impl Body for Followed {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        self.waits.store(polled.is_pending(), Ordering::Relaxed);
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Nothing reads a body that is dropped.
impl Drop for Followed {
    fn drop(&mut self) {
        self.waits.store(false, Ordering::Relaxed);
    }
}
