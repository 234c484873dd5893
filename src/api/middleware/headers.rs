//! The response headers of each kind of response: the complete list. `tests/it/api/middleware/headers.rs`
//! checks it for every route.

use poem::Response;
use poem::http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use poem::http::{HeaderName, HeaderValue, Version};

use crate::api::kind::Kind;

const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// Browsers run nothing from a data response, and no page may frame it.
const DATA_POLICY: &str = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";
/// Browser features that no page of the service uses.
const NO_FEATURES: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
/// Two years. Without subdomains, which may belong to other services.
const TWO_YEARS: &str = "max-age=63072000";

/// Adds the headers of the response's kind. `https` means that clients reach the service only over TLS.
///
/// A public response sets `Cache-Control` and its own content security policy. Any other response may contain
/// personal data or a token, so it must not be stored (RFC 9111; RFC 6749, section 5.1).
pub fn add(response: &mut Response, path: &str, version: Version, https: bool) {
    let kind = response.data::<Kind>().copied().unwrap_or_else(|| Kind::of_path(path));
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(REFERRER_POLICY, "no-referrer");
    match kind {
        Kind::Metadata => set(CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin"),
        Kind::Page => {
            set(CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
            set(CROSS_ORIGIN_OPENER_POLICY, "same-origin");
            set(PERMISSIONS_POLICY, NO_FEATURES);
        }
        Kind::Api | Kind::Problem | Kind::Asset | Kind::Health => {
            set(CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
        }
    }
    if https {
        set(STRICT_TRANSPORT_SECURITY, TWO_YEARS);
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(DATA_POLICY));
    if version == Version::HTTP_2 {
        // HTTP/2 does not have this header (RFC 9113, section 8.2.2).
        headers.remove(CONNECTION);
    }
}
