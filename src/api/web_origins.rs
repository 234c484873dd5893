use poem::http::header::ORIGIN;
use poem::http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::problem::{Code, Problem, foreign_origin};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// The longest part of a header that the log contains, in bytes. A host name has at most 253.
const SHOWN: usize = 300;

/// The origins (RFC 6454) whose pages may use the service from a browser.
pub struct WebOrigins {
    own: Option<HeaderValue>,
    allowed: Vec<HeaderValue>,
    is_plain_loopback: bool,
}

impl WebOrigins {
    /// The origin of the service itself, by its public URL, and those of other applications, each as browsers
    /// write it. `is_plain_loopback` means that the cookies are those of loopback, without `Secure`.
    #[must_use]
    pub fn new(public_url: &str, allowed: &[String], is_plain_loopback: bool) -> Self {
        let own = Url::parse(public_url).ok().map(|url| url.origin().ascii_serialization());
        let value = |origin: &String| HeaderValue::from_str(origin).ok();
        let allowed = allowed.iter().filter_map(value).collect();
        Self { own: own.as_ref().and_then(value), allowed, is_plain_loopback }
    }

    /// Whether pages of other applications may use the service.
    pub(super) const fn has_allowed(&self) -> bool {
        !self.allowed.is_empty()
    }

    /// The origin of the request, if it is one of another application that may use the service.
    pub(super) fn allowed(&self, headers: &HeaderMap) -> Option<&HeaderValue> {
        let origin = only_origin(headers)?;
        self.allowed.iter().find(|allowed| *allowed == origin)
    }

    /// Refuses a request that a page of another site may have caused, where cookies would give it the rights
    /// of a user (cross-site request forgery). Browsers send `Origin` with every request that is neither
    /// `GET` nor `HEAD` (Fetch standard, section 3.2), and scripts cannot set it. `Sec-Fetch-Site` must
    /// agree, where a browser sends it (W3C Fetch Metadata).
    pub(super) fn check(&self, headers: &HeaderMap) -> Result<(), Problem> {
        self.judge(headers).map_err(|detail| {
            let site = shown(headers, &SEC_FETCH_SITE);
            tracing::info!(
                origin = shown_origin(headers),
                site,
                reason = detail,
                "request with cookies refused"
            );
            Problem::new(Code::ForeignOrigin, detail)
        })
    }

    /// Whether the request is from a page that may use cookies.
    pub(super) fn may_use_cookies(&self, headers: &HeaderMap) -> bool {
        self.judge(headers).is_ok()
    }

    /// Returns the detail of the problem.
    fn judge(&self, headers: &HeaderMap) -> Result<(), String> {
        let origin = only_origin(headers);
        let is_known =
            origin.is_some_and(|origin| self.own.as_ref() == Some(origin)) || self.allowed(headers).is_some();
        if !is_known {
            let own = self.own.as_ref().and_then(|own| own.to_str().ok()).unwrap_or_default();
            return Err(foreign_origin(own));
        }
        if self.is_plain_loopback && origin.is_some_and(|origin| origin.as_bytes().starts_with(b"https://")) {
            return Err(
                "Cookies would have no `Secure`, since the setting `server.public_url` is on loopback \
                        without TLS. Set it to the address that clients use, or use the transport `bearer`."
                    .to_owned(),
            );
        }
        // Each line counts: of two, a proxy may have added one.
        let agrees = |site: &HeaderValue| matches!(site.as_bytes(), b"same-origin" | b"same-site");
        if !headers.get_all(SEC_FETCH_SITE).iter().all(agrees) {
            return Err(
                "Cookies work only for pages on the same site as the service. Use the transport `bearer` \
                        instead."
                    .to_owned(),
            );
        }
        Ok(())
    }
}

/// The value of `Origin`, if there is exactly one.
fn only_origin(headers: &HeaderMap) -> Option<&HeaderValue> {
    let mut values = headers.get_all(ORIGIN).iter();
    values.next().filter(|_| values.next().is_none())
}

/// The beginning of the first `Origin`, for the log.
pub(super) fn shown_origin(headers: &HeaderMap) -> Option<String> {
    shown(headers, &ORIGIN)
}

fn shown(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?.as_bytes();
    Some(String::from_utf8_lossy(&value[..value.len().min(SHOWN)]).into_owned())
}
