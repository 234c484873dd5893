use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use ipnet::IpNet;
use poem::http::{Method, Uri};
use poem::{Request, Response};
use poem_openapi::registry::MetaApi;
use tracing::Span;

use super::client;
use crate::api::problem::Code;
use crate::telemetry::{milliseconds, trace};

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

    /// Writes the line, with the operation, the response and its duration.
    pub fn write(mut self, response: &Response, operation: Option<Operation<'_>>, took: Duration) {
        self.answered = true;
        let caller = trace::caller();
        tracing::info!(
            operation = operation.map(|operation| operation.id),
            method = self.method.as_str(),
            route = operation.map(|operation| operation.route),
            path = self.uri.path(),
            status = response.status().as_u16(),
            code = response.data::<Code>().map(|code| code.as_str()),
            user_id = caller.map(|caller| tracing::field::display(caller.user)),
            session_id = caller.map(|caller| tracing::field::display(caller.session)),
            client = self.client.map(tracing::field::display),
            duration_ms = milliseconds(took),
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
                client = self.client.map(tracing::field::display),
                duration_ms = milliseconds(self.began.elapsed()),
                "abandoned"
            );
        }
    }
}

/// The documented operations, by id, with their routes.
pub struct Operations(HashMap<&'static str, String>);

/// An operation.
#[derive(Clone, Copy)]
pub struct Operation<'a> {
    id: &'static str,
    route: &'a str,
}

impl<'a> Operation<'a> {
    /// The path, with parameters in braces.
    pub const fn route(self) -> &'a str {
        self.route
    }
}

impl Operations {
    /// The operations of these APIs.
    pub fn of(apis: &[MetaApi]) -> Self {
        let paths = apis.iter().flat_map(|api| &api.paths);
        let operations = paths.flat_map(|path| {
            let ids = path.operations.iter().filter_map(|operation| operation.operation_id);
            ids.map(move |id| (id, path.path.clone()))
        });
        Self(operations.collect())
    }

    /// The operation with this id.
    pub fn named(&self, id: &str) -> Option<Operation<'_>> {
        self.0.get_key_value(id).map(|(id, route)| Operation { id, route })
    }
}
