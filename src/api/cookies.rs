use std::time::Duration;

use poem::http::header::COOKIE;
use poem::http::{HeaderMap, HeaderValue};
use poem_openapi::registry::MetaSecurityScheme;
use secrecy::ExposeSecret;

use super::problem::{Code, Problem};
use crate::domain::SameSite;
use crate::usecases::TokenPair;

/// Makes the name of a cookie. The name of the package is in all of them.
macro_rules! name {
    ($prefix:literal, $token:literal) => {
        concat!($prefix, env!("CARGO_PKG_NAME"), $token)
    };
}

/// The names of the two cookies. Browsers accept one whose name begins with `__Host-` only with `Secure` and
/// `Path=/` and without a domain, so no other host and no page without TLS can set it (RFC 6265bis, section
/// 4.1.3.2).
pub const ACCESS: &str = name!("__Host-", "_access");
pub const REFRESH: &str = name!("__Host-", "_refresh");
/// The names on loopback without TLS, where some browsers refuse `Secure`.
const PLAIN_ACCESS: &str = name!("", "_access");
const PLAIN_REFRESH: &str = name!("", "_refresh");

/// The most bytes of a cookie, with its name and its attributes, that every browser stores (RFC 6265, section
/// 6.1).
pub const LONGEST: usize = 4096;

/// The names of the cookies of the access token and of the refresh token.
#[must_use]
pub const fn names(is_plain_loopback: bool) -> [&'static str; 2] {
    if is_plain_loopback { [PLAIN_ACCESS, PLAIN_REFRESH] } else { [ACCESS, REFRESH] }
}

/// The cookies that hold the tokens of a session for a browser application.
pub struct Cookies {
    access: &'static str,
    refresh: &'static str,
    attributes: String,
}

impl Cookies {
    /// `is_plain_loopback` means that browsers reach the service without TLS on their own machine.
    #[must_use]
    pub fn new(same_site: SameSite, is_plain_loopback: bool) -> Self {
        let same_site = match same_site {
            SameSite::Lax => "Lax",
            SameSite::Strict => "Strict",
        };
        let secure = if is_plain_loopback { "" } else { "; Secure" };
        let attributes = format!("Path=/; HttpOnly; SameSite={same_site}{secure}");
        let [access, refresh] = names(is_plain_loopback);
        Self { access, refresh, attributes }
    }

    /// The access token in the cookie of a request.
    pub(super) fn access<'a>(&self, headers: &'a HeaderMap) -> Result<Option<&'a str>, Problem> {
        only(headers, self.access)
    }

    /// The refresh token in the cookie of a request.
    pub(super) fn refresh<'a>(&self, headers: &'a HeaderMap) -> Result<Option<&'a str>, Problem> {
        only(headers, self.refresh)
    }

    /// All access tokens in cookies of a request.
    pub(super) fn every_access<'a>(&self, headers: &'a HeaderMap) -> impl Iterator<Item = &'a str> {
        values(headers, self.access)
    }

    /// All refresh tokens in cookies of a request.
    pub(super) fn every_refresh<'a>(&self, headers: &'a HeaderMap) -> impl Iterator<Item = &'a str> {
        values(headers, self.refresh)
    }

    /// Whether a request has one of the cookies.
    pub(super) fn has_any(&self, headers: &HeaderMap) -> bool {
        self.every_access(headers).chain(self.every_refresh(headers)).next().is_some()
    }

    /// The values of `Set-Cookie` that store a pair, each token as long as it is valid.
    pub(super) fn storing(&self, pair: &TokenPair) -> Result<[HeaderValue; 2], Problem> {
        Ok([
            self.cookie(self.access, pair.access_token.expose_secret(), pair.expires_in)?,
            self.cookie(self.refresh, pair.refresh_token.expose_secret(), pair.refresh_expires_in)?,
        ])
    }

    /// The values of `Set-Cookie` that remove both cookies.
    pub(super) fn removing(&self) -> Result<[HeaderValue; 2], Problem> {
        let removing = |name| self.cookie(name, "", Duration::ZERO);
        Ok([removing(self.access)?, removing(self.refresh)?])
    }

    /// Fails for a cookie that browsers would not store: the client would believe that it is logged in.
    fn cookie(&self, name: &'static str, value: &str, lifetime: Duration) -> Result<HeaderValue, Problem> {
        let text = format!("{name}={value}; Max-Age={}; {}", lifetime.as_secs(), self.attributes);
        let bytes = text.len();
        let cookie = Some(text).filter(|text| text.len() <= LONGEST).map(HeaderValue::try_from);
        let Some(Ok(mut cookie)) = cookie else {
            tracing::error!(name, bytes, longest = LONGEST, "cookie refused: no browser would store it");
            return Err(Problem::internal());
        };
        // Keeps it out of the table of HPACK, which both ends remember.
        cookie.set_sensitive(true);
        Ok(cookie)
    }
}

/// The security scheme of a cookie in the documentation.
pub fn scheme(name: &'static str, description: &'static str) -> MetaSecurityScheme {
    MetaSecurityScheme {
        ty: "apiKey",
        description: Some(description),
        name: Some(name),
        key_in: Some("cookie"),
        scheme: None,
        bearer_format: None,
        flows: None,
        openid_connect_url: None,
    }
}

/// The value of a cookie, if it has one. Which one of two with the same name is meant cannot be known.
fn only<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<Option<&'a str>, Problem> {
    let mut values = values(headers, name);
    match (values.next(), values.next()) {
        (_, Some(_)) => {
            let detail = format!("Send the cookie `{name}` only once.");
            Err(Problem::new(Code::MalformedRequest, detail))
        }
        (value, None) => Ok(value),
    }
}

/// The values of the cookies with a name. Other applications on the same host may set cookies in any
/// encoding.
fn values<'a>(headers: &'a HeaderMap, name: &'static str) -> impl Iterator<Item = &'a str> {
    let pairs = headers.get_all(COOKIE).iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    pairs.filter_map(move |pair| {
        let value = pair.trim_ascii().strip_prefix(name.as_bytes())?.strip_prefix(b"=")?;
        std::str::from_utf8(value).ok().filter(|value| !value.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(lines: &[&[u8]]) -> Result<Option<String>, String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(COOKIE, HeaderValue::from_bytes(line).unwrap());
        }
        let found = Cookies::new(SameSite::Lax, false).access(&headers);
        found.map(|value| value.map(str::to_owned)).map_err(|problem| problem.to_string())
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let found = Ok(Some("a.b".to_owned()));
        assert_eq!(access(&[b"__Host-svc_access=a.b"]), found);
        assert_eq!(access(&[b"x=1; __Host-svc_access=a.b;y=\xff\xfe; =; __Host-svc_refresh=r"]), found);
        // HTTP/2 may send a line for each (RFC 9113, section 8.2.3).
        assert_eq!(access(&[b"x=1", b"__Host-svc_access=a.b"]), found);
    }

    #[test]
    fn similar_names_and_empty_values_are_none() {
        for line in [
            &b"svc_access=a.b"[..],
            b"__Host-svc_access",
            b"__Host-svc_access=",
            b"__Host-svc_access =a.b",
            b"x__Host-svc_access=a.b",
            b"__host-svc_access=a.b",
            b"__Host-svc_access=\xff",
            b"",
        ] {
            assert_eq!(access(&[line]), Ok(None), "{}", String::from_utf8_lossy(line));
        }
    }

    #[test]
    fn two_of_one_name_are_refused() {
        let refused = Err("malformed_request".to_owned());
        assert_eq!(access(&[b"__Host-svc_access=a; __Host-svc_access=a"]), refused);
        assert_eq!(access(&[b"__Host-svc_access=a", b"__Host-svc_access=b"]), refused);
    }

    #[test]
    fn every_value_of_a_name_is_found() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("__Host-svc_refresh=a; x=1; __Host-svc_refresh="));
        headers.append(COOKIE, HeaderValue::from_static("__Host-svc_refresh=b"));
        let cookies = Cookies::new(SameSite::Lax, false);
        assert_eq!(cookies.every_refresh(&headers).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(cookies.every_access(&headers).count(), 0);
        assert!(cookies.has_any(&headers) && !Cookies::new(SameSite::Lax, true).has_any(&headers));
    }

    #[test]
    fn a_cookie_that_browsers_would_not_store_is_an_error() {
        let cookies = Cookies::new(SameSite::Strict, false);
        let stored = |length| cookies.cookie(ACCESS, &"x".repeat(length), Duration::from_mins(15));
        let rest = stored(0).unwrap().len();
        assert_eq!(stored(LONGEST - rest).unwrap().len(), LONGEST);
        assert_eq!(stored(LONGEST - rest + 1).unwrap_err().to_string(), "internal");
        assert_eq!(cookies.cookie(ACCESS, "\n", Duration::ZERO).unwrap_err().to_string(), "internal");
    }
}
