use std::time::Duration;

use poem::http::header::RETRY_AFTER;
use poem::http::{HeaderMap, HeaderName, HeaderValue};

use crate::ports::RateLimited;

/// The headers of a 429 in addition to its body: names, descriptions and JSON types.
pub const HEADERS: &[(&str, &str, &str)] = &[
    ("Retry-After", "Seconds to wait", "integer"),
    (
        "RateLimit-Policy",
        "The budget: `\"name\";q=requests;w=seconds` (draft-ietf-httpapi-ratelimit-headers)",
        "string",
    ),
    ("RateLimit", "The rest of the budget: `\"name\";r=requests;t=seconds`", "string"),
];

/// The detail of a 429 for people.
pub(super) fn detail(wait: Duration) -> String {
    format!("Too many attempts. Try again in {}.", words(wait))
}

/// A wait for people: in seconds up to a minute, then in minutes, rounded up.
fn words(wait: Duration) -> String {
    let seconds = whole_seconds(wait).max(1);
    let (count, unit) = if seconds < 60 { (seconds, "second") } else { (seconds.div_ceil(60), "minute") };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// The longest wait of an answer, in seconds: the bound of the document, and 68 years.
const LONGEST: u64 = i32::MAX as u64;

/// Rounds up, so that a client that waits this long is not too early.
pub(super) fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0)).min(LONGEST)
}

/// Adds `Retry-After` (RFC 9110, section 10.2.3), `RateLimit-Policy` and `RateLimit`
/// (draft-ietf-httpapi-ratelimit-headers-10).
pub(super) fn add(limited: &RateLimited, headers: &mut HeaderMap) {
    let (name, budget) = (limited.limit.as_str(), limited.budget);
    let seconds = whole_seconds(limited.retry_after);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_reported_in_words() {
        for (millis, expected) in [
            (0, "1 second"),
            (1, "1 second"),
            (1_001, "2 seconds"),
            (59_000, "59 seconds"),
            (60_000, "1 minute"),
            (60_001, "2 minutes"),
            (900_000, "15 minutes"),
        ] {
            assert_eq!(words(Duration::from_millis(millis)), expected);
        }
    }
}
