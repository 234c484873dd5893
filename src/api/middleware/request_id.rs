use poem::http::{HeaderName, HeaderValue};
use poem::{Request, Response};

use crate::ports::Ids;

/// A name in this form is looked up without being parsed.
const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request in the response, in problems and in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// In bytes. A longer id is ignored, because it would be part of every log line.
    pub const LONGEST: usize = 128;

    /// The text of the id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    /// The id that the client sent, if it is short and visible ASCII, otherwise a new one.
    pub(super) fn of(request: &Request, ids: &dyn Ids) -> Self {
        let sane = |id: &&HeaderValue| {
            (1..=Self::LONGEST).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic)
        };
        let given = request.headers().get(HEADER).filter(sane).cloned();
        let new = || HeaderValue::try_from(ids.uuid().to_string());
        Self(given.map_or_else(new, Ok).unwrap_or_else(|_| HeaderValue::from_static("none")))
    }

    /// Adds the id to the response.
    pub(super) fn give(&self, response: &mut Response) {
        response.headers_mut().insert(HEADER, self.0.clone());
    }
}
