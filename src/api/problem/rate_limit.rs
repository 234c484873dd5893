use poem::http::header::RETRY_AFTER;
use poem::http::{HeaderMap, HeaderName, HeaderValue};

use crate::ports::RateLimited;

/// The headers of a 429, beside its body: names, what they say and their JSON type.
pub const HEADERS: &[(&str, &str, &str)] = &[
    ("Retry-After", "How many seconds to wait", "integer"),
    (
        "RateLimit-Policy",
        "The budget: `\"name\";q=requests;w=seconds` (draft-ietf-httpapi-ratelimit-headers)",
        "string",
    ),
    ("RateLimit", "What is left of it: `\"name\";r=requests;t=seconds`", "string"),
];

/// Adds `Retry-After` (RFC 9110, section 10.2.3), `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10).
pub(super) fn add(limited: &RateLimited, headers: &mut HeaderMap) {
    let (name, budget) = (limited.limit.as_str(), limited.budget);
    // A client that waits as many whole seconds must not come too early.
    let seconds = limited.retry_after.as_secs() + u64::from(limited.retry_after.subsec_nanos() > 0);
    let mut add = |name: HeaderName, value: String| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    };
    add(RETRY_AFTER, seconds.to_string());
    let policy = format!("\"{name}\";q={};w={}", budget.draws(), budget.period().as_secs());
    add(HeaderName::from_static("ratelimit-policy"), policy);
    add(HeaderName::from_static("ratelimit"), format!("\"{name}\";r=0;t={seconds}"));
}
