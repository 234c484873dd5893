use poem::http::Method;
use poem::{Request, Response};

use crate::api::problem::Code;
use crate::domain::Cause;
use crate::telemetry::spans::{Kind, Span, Tracer};

/// The part of a path that a span has, in characters. No path of ours is longer, and spans wait in memory.
const LONGEST_PATH: usize = 256;

/// Begins the span of a request, below the trace that it names (semantic conventions for HTTP of
/// OpenTelemetry). It has less of the request than its line in the log: neither the client nor the user.
pub fn begin(tracer: &Tracer, request: &Request, https: bool, cause: &mut Cause) -> Span {
    let mut span = tracer.begin(Kind::Server, || known(request.method()), cause);
    span.set("http.request.method", || known(request.method()));
    span.set("url.path", || request.uri().path().chars().take(LONGEST_PATH).collect::<String>());
    span.set("url.scheme", || if https { "https" } else { "http" });
    span
}

/// Ends the span with the answer. The span of a request that ends before its answer has no status.
pub fn end(mut span: Span, response: &Response, route: Option<&str>) {
    if let Some(route) = route {
        span.set("http.route", || route.to_owned());
        span.extend_name(route);
    }
    let status = response.status();
    span.set("http.response.status_code", || i64::from(status.as_u16()));
    let code = response.data::<Code>().map(|code| code.as_str());
    if status.is_server_error() {
        span.fail(code.unwrap_or("internal"));
    } else if let Some(code) = code {
        span.set("svc.problem", || code);
    }
}

/// The method as the conventions name it: one that is not of HTTP would be one of many.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::CONNECT => "CONNECT",
        Method::TRACE => "TRACE",
        _ => "_OTHER",
    }
}
