use poem::http::header::ORIGIN;
use poem::http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::problem::{Code, FOREIGN_ORIGIN, Problem};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The origins (RFC 6454) whose pages may use the service from a browser.
pub struct WebOrigins {
    own: Option<HeaderValue>,
    allowed: Vec<HeaderValue>,
}

impl WebOrigins {
    /// The origin of the service itself, by its public URL, and those of other applications, each as browsers
    /// write it.
    #[must_use]
    pub fn new(public_url: &str, allowed: &[String]) -> Self {
        let own = Url::parse(public_url).ok().map(|url| url.origin().ascii_serialization());
        let value = |origin: &String| HeaderValue::from_str(origin).ok();
        Self { own: own.as_ref().and_then(value), allowed: allowed.iter().filter_map(value).collect() }
    }

    /// Whether pages of other applications may use the service.
    pub(super) const fn has_allowed(&self) -> bool {
        !self.allowed.is_empty()
    }

    /// The origin of the request, if it is one of another application that may use the service.
    pub(super) fn allowed(&self, headers: &HeaderMap) -> Option<&HeaderValue> {
        if self.allowed.is_empty() {
            return None;
        }
        let origin = sole(headers)?;
        self.allowed.iter().find(|allowed| *allowed == origin)
    }

    /// Refuses a request that a page of another site may have caused, where cookies would give it the rights
    /// of a user (cross-site request forgery). Browsers send `Origin` with every request that is neither
    /// `GET` nor `HEAD` (Fetch standard, section 3.2), and scripts cannot set it. `Sec-Fetch-Site` must
    /// agree, where a browser sends it (W3C Fetch Metadata).
    pub(super) fn check(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let origin = sole(headers);
        let is_known = origin.is_some_and(|origin| {
            self.own.as_ref() == Some(origin) || self.allowed.iter().any(|allowed| allowed == origin)
        });
        let site = headers.get(SEC_FETCH_SITE).map(HeaderValue::as_bytes);
        let detail = match (is_known, site) {
            (true, None | Some(b"same-origin" | b"same-site")) => return Ok(()),
            (true, Some(_)) => {
                "Cookies work only for pages on the same site as the service. Use the transport `bearer` instead."
            }
            (false, _) => FOREIGN_ORIGIN,
        };
        tracing::info!(origin = origin.map(tracing::field::debug), "request with cookies refused");
        Err(Problem::new(Code::ForeignOrigin, detail))
    }
}

/// The one value of `Origin`.
fn sole(headers: &HeaderMap) -> Option<&HeaderValue> {
    let mut values = headers.get_all(ORIGIN).iter();
    values.next().filter(|_| values.next().is_none())
}
