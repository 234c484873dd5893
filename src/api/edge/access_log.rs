use std::net::IpAddr;
use std::time::{Duration, Instant};

use ipnet::IpNet;
use poem::http::{Method, Uri};
use poem::{Request, Response};

use super::client;

/// The line that a request leaves in the log. The query is left out: it may hold an address. The id and the trace stand in the span.
pub struct Line {
    began: Instant,
    method: Method,
    uri: Uri,
    client: Option<IpAddr>,
}

impl Line {
    /// Notes what only the request knows.
    pub fn begin(request: &Request, trusted_proxies: &[IpNet]) -> Self {
        Self {
            began: Instant::now(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            client: client::address(request, trusted_proxies),
        }
    }

    /// When the request came.
    pub const fn began(&self) -> Instant {
        self.began
    }

    /// Writes it, with what was answered after how long.
    pub fn write(self, response: &Response, took: Duration) {
        tracing::info!(
            method = self.method.as_str(),
            path = self.uri.path(),
            status = response.status().as_u16(),
            ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            client = self.client.map(tracing::field::display),
            "answered"
        );
    }
}
