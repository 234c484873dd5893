use std::net::IpAddr;
use std::time::{Duration, Instant};

use ipnet::IpNet;
use poem::http::{Method, Uri};
use poem::{Request, Response};
use tracing::Span;

use super::client;

/// The line that a request leaves in the log. The query is left out: it may hold an address. The id and the trace stand in its span.
pub struct Line {
    span: Span,
    began: Instant,
    method: Method,
    uri: Uri,
    client: Option<IpAddr>,
    answered: bool,
}

impl Line {
    /// Notes what only the request knows.
    pub fn begin(request: &Request, trusted_proxies: &[IpNet], span: Span) -> Self {
        Self {
            span,
            began: Instant::now(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            client: client::address(request, trusted_proxies),
            answered: false,
        }
    }

    /// When the request came.
    pub const fn began(&self) -> Instant {
        self.began
    }

    /// The client's address.
    pub const fn client(&self) -> Option<IpAddr> {
        self.client
    }

    /// Writes it, with what was answered after how long.
    pub fn write(mut self, response: &Response, took: Duration) {
        self.answered = true;
        tracing::info!(
            method = self.method.as_str(),
            path = self.uri.path(),
            status = response.status().as_u16(),
            ms = milliseconds(took),
            client = self.client.map(tracing::field::display),
            "answered"
        );
    }
}

/// What ends before its answer leaves a line too, since it may be done: the client went away, or the service stopped.
impl Drop for Line {
    fn drop(&mut self) {
        if !self.answered {
            let _entered = self.span.enter();
            tracing::info!(
                method = self.method.as_str(),
                path = self.uri.path(),
                ms = milliseconds(self.began.elapsed()),
                client = self.client.map(tracing::field::display),
                "abandoned"
            );
        }
    }
}

fn milliseconds(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}
