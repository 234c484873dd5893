use std::net::IpAddr;
use std::time::{Duration, Instant};

use ipnet::IpNet;
use poem::http::{Method, Uri};
use poem::{Request, Response};
use tracing::Span;

use super::client;

/// The access log line of a request. It omits the query, which may contain an email address. The id and the
/// trace are in its span.
pub struct Line {
    span: Span,
    began: Instant,
    method: Method,
    uri: Uri,
    client: Option<IpAddr>,
    answered: bool,
}

impl Line {
    /// Records the parts that only the request knows.
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

    /// When the request arrived.
    pub const fn began(&self) -> Instant {
        self.began
    }

    /// The client address.
    pub const fn client(&self) -> Option<IpAddr> {
        self.client
    }

    /// Writes the line, with the response and its duration.
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

/// Also writes a line for a request that ends before its response, since it may have taken effect: the client
/// disconnected, or the service stopped.
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
