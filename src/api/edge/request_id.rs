use std::sync::Arc;

use poem::http::HeaderValue;
use poem::{Endpoint, IntoResponse as _, Request, Response};
use tracing::Instrument as _;

use super::Edge;

const HEADER: &str = "x-request-id";
/// In bytes. A longer id is not believed: it would go into every log line.
const LONGEST: usize = 128;

/// Names the request in the answer, in problems and in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    /// The caller's own id, when it is short and visible ASCII, else a new one.
    fn of(request: &Request, edge: &Edge) -> Self {
        let sane = |id: &&HeaderValue| {
            (1..=LONGEST).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic)
        };
        let given = request.headers().get(HEADER).filter(sane).cloned();
        let new = || HeaderValue::try_from(edge.ids.uuid().to_string());
        Self(given.map_or_else(new, Ok).unwrap_or_else(|_| HeaderValue::from_static("none")))
    }
}

/// Gives the request its id and a span that carries it.
pub async fn give<E: Endpoint>(next: Arc<E>, mut request: Request) -> poem::Result<Response> {
    let id = RequestId::of(&request, Edge::of(&request)?);
    request.set_data(id.clone());
    let span = tracing::info_span!("request", id = id.as_str());
    let mut response = next.call(request).instrument(span).await?.into_response();
    response.headers_mut().insert(HEADER, id.0);
    Ok(response)
}
