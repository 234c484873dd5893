//! Where a request has its credentials: in `Authorization` (RFC 6750) or in cookies, never in both.

use poem::http::header::AUTHORIZATION;
use poem::http::{HeaderMap, HeaderValue};

use super::cookies::Cookies;
use super::problem::{Code, Problem};

/// Refuses a request with a token in `Authorization` and a cookie of the service, even if the operation reads
/// only one of them: a proxy in front may have checked the other one, and the client cannot know which
/// counts.
pub fn refuse_two(headers: &HeaderMap, cookies: &Cookies) -> Result<(), Problem> {
    if has_bearer(headers) && cookies.has_any(headers) {
        let detail = "Send a token in the header `Authorization`, or in a cookie, not in both.";
        return Err(Problem::new(Code::MalformedRequest, detail));
    }
    Ok(())
}

/// Whether a line of `Authorization` has the scheme of tokens.
pub fn has_bearer(headers: &HeaderMap) -> bool {
    headers.get_all(AUTHORIZATION).iter().any(|value| after_scheme(value).is_some())
}

/// The token in `Authorization`. `None` without the header and for another scheme, and empty if the scheme
/// has no token that can be read.
pub fn in_header(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let (first, None) = (lines.next(), lines.next()) else {
        // With two tokens, a proxy in front may have checked the other one (RFC 9110, section 5.3).
        return Err(Problem::unauthenticated());
    };
    Ok(first.and_then(bearer))
}

/// The token in a value of `Authorization` (RFC 6750, section 2.1). Empty unless it is ASCII.
fn bearer(value: &HeaderValue) -> Option<&str> {
    let rest = after_scheme(value)?;
    // `HeaderValue::to_str` looks at each byte by itself, and a token has hundreds.
    let token = std::str::from_utf8(rest).ok().filter(|rest| rest.is_ascii());
    Some(token.and_then(|rest| rest.strip_prefix(' ')).map(str::trim_start).unwrap_or_default())
}

/// The bytes after the scheme of tokens. The scheme is compared as bytes: a proxy in front may read a token
/// where this service cannot.
fn after_scheme(value: &HeaderValue) -> Option<&[u8]> {
    let bytes = value.as_bytes();
    let end = bytes.iter().position(u8::is_ascii_whitespace).unwrap_or(bytes.len());
    let (scheme, rest) = bytes.split_at(end);
    scheme.eq_ignore_ascii_case(b"bearer").then_some(rest)
}
