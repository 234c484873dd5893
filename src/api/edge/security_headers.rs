use poem::Response;
use poem::http::HeaderValue;
use poem::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};

/// For answers that are data: a browser that is led to one runs nothing from it and frames it nowhere.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// Tells browsers and caches what not to do with an answer. What is public says so, and has a policy of its own; all
/// else may be about a person or hold a token, so nobody keeps it (RFC 9111; RFC 6749, section 5.1).
pub fn add(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(DATA_POLICY));
}
