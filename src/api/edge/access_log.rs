use std::sync::Arc;
use std::time::Instant;

use poem::{Endpoint, IntoResponse as _, Request, Response};

use super::{Edge, client};

/// Writes one line a request. The query is left out: it may hold an address. The id stands in the span.
pub async fn write<E: Endpoint>(next: Arc<E>, request: Request) -> poem::Result<Response> {
    let began = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let client = client::address(&request, &Edge::of(&request)?.trusted_proxies);
    let response = next.call(request).await?.into_response();
    tracing::info!(
        %method,
        path,
        status = response.status().as_u16(),
        ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        client = client.map(tracing::field::display),
        "answered"
    );
    Ok(response)
}
