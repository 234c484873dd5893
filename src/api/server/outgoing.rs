use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http_body_util::combinators::BoxBody;
use hyper::body::{Body, Buf, Bytes, Frame, SizeHint};

use super::activity::{Activity, Sending};
use crate::api::budget::Flight;

/// A response body. Its bytes keep their request in the budget until they are written to the socket.
pub(super) struct Outgoing {
    body: BoxBody<Bytes, io::Error>,
    activity: Arc<Activity>,
    flight: Option<Arc<Flight>>,
}

/// Bytes of a response. hyper keeps them while the client does not read.
pub(super) struct Chunk {
    bytes: Bytes,
    sending: Sending,
    _flight: Option<Arc<Flight>>,
}

impl Outgoing {
    pub(super) fn new(
        body: BoxBody<Bytes, io::Error>,
        activity: Arc<Activity>,
        flight: Option<Arc<Flight>>,
    ) -> Self {
        Self { body, activity, flight }
    }
}

impl Body for Outgoing {
    type Data = Chunk;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Chunk>, io::Error>>> {
        let polled = ready!(Pin::new(&mut self.body).poll_frame(cx));
        let chunk = |bytes| {
            let sending = Activity::begin_to_send(&self.activity);
            Chunk { bytes, sending, _flight: self.flight.clone() }
        };
        Poll::Ready(polled.map(|frame| frame.map(|frame| frame.map_data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Buf for Chunk {
    fn remaining(&self) -> usize {
        self.bytes.remaining()
    }

    fn chunk(&self) -> &[u8] {
        self.bytes.chunk()
    }

    fn advance(&mut self, count: usize) {
        self.bytes.advance(count);
        if count > 0 && self.bytes.has_remaining() {
            self.sending.progressed();
        }
    }
}
