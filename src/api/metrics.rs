//! What a Prometheus server reads. Served by a listener of its own, so that nobody outside finds it beside the API.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use poem::endpoint::{BoxEndpoint, make};
use poem::http::header::CONTENT_TYPE;
use poem::{EndpointExt as _, Response, Route, get};

/// The media type of what `text` gives: `OpenMetrics`, the text format of Prometheus as it was standardised.
const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Gives the text at a moment.
pub type Exposition = Arc<dyn Fn() -> BoxFuture<'static, String> + Send + Sync>;

/// `GET /metrics`, and nothing else.
#[must_use]
pub fn endpoint(text: Exposition) -> BoxEndpoint<'static> {
    let metrics = make(move |_| {
        let text = text();
        async move { Response::builder().header(CONTENT_TYPE, MEDIA_TYPE).body(text.await) }
    });
    Route::new().at("/metrics", get(metrics)).boxed()
}
