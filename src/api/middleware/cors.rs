//! Cross-origin resource sharing: which pages of other origins may read answers (Fetch standard, section
//! "CORS protocol").

use std::collections::BTreeSet;

use poem::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD, VARY,
};
use poem::http::{HeaderMap, HeaderValue, Method, StatusCode};
use poem::{Request, Response};
use poem_openapi::registry::{MetaApi, MetaParamIn};

use crate::api::web_origins::{WebOrigins, shown_origin};

/// The request headers that the middleware and the readers of bodies and tokens use. Browsers send a
/// `tracestate` together with a `traceparent`.
const READ: [&str; 6] =
    ["authorization", "content-type", "if-none-match", "traceparent", "tracestate", "x-request-id"];
/// The response headers that a page may read, in addition to those that the standard allows to any page.
const EXPOSED: &str =
    "Allow, ETag, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id";
/// In seconds. Chromium keeps no preflight longer.
const PREFLIGHT_AGE: &str = "7200";

/// The answer to preflights: the methods and the headers of the API.
pub struct Preflight {
    methods: HeaderValue,
    headers: HeaderValue,
}

impl Preflight {
    /// The answer for an API. It is the same for all paths, so that a page can read a 404 or 405.
    pub fn of(apis: &[MetaApi]) -> Self {
        let operations = || apis.iter().flat_map(|api| &api.paths).flat_map(|path| &path.operations);
        let methods: BTreeSet<_> =
            operations().map(|operation| operation.method.as_str()).chain(["HEAD"]).collect();
        let parameters = operations().flat_map(|operation| &operation.params);
        let of_api = parameters.filter(|parameter| matches!(parameter.in_type, MetaParamIn::Header));
        let of_api = of_api.map(|parameter| parameter.name.to_ascii_lowercase());
        let headers: BTreeSet<_> = of_api.chain(READ.map(str::to_owned)).collect();
        Self { methods: list(methods.into_iter().map(str::to_owned)), headers: list(headers) }
    }

    /// Answers the preflight of a page that may use the API. `None` for any other request, which is answered
    /// as if there were no browser.
    pub fn answer(&self, request: &Request, origin: Option<&HeaderValue>) -> Option<Response> {
        let is_preflight = request.method() == Method::OPTIONS
            && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        if !is_preflight {
            return None;
        }
        if origin.is_none() {
            // The author of a page sees no reason in the browser.
            let origin = shown_origin(request.headers());
            tracing::info!(origin, "preflight refused: the origin is not in server.allowed_origins");
            return None;
        }
        let mut response = Response::builder().status(StatusCode::NO_CONTENT).finish();
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, self.methods.clone());
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, self.headers.clone());
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(PREFLIGHT_AGE));
        Some(response)
    }
}

fn list(words: impl IntoIterator<Item = String>) -> HeaderValue {
    let words: Vec<_> = words.into_iter().collect();
    HeaderValue::try_from(words.join(", ")).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Lets the page of an allowed origin read the response, whatever made it. A cache must not give the response
/// for one origin to another one.
pub fn add(headers: &mut HeaderMap, origins: &WebOrigins, origin: Option<&HeaderValue>, is_preflight: bool) {
    if !origins.has_allowed() {
        return;
    }
    headers.append(VARY, HeaderValue::from_static("Origin"));
    let Some(origin) = origin else { return };
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    if !is_preflight {
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    }
}
