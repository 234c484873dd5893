//! The metrics endpoint for a Prometheus server. It has its own listener, so that API clients cannot reach
//! it.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use poem::endpoint::{BoxEndpoint, make};
use poem::http::header::CONTENT_TYPE;
use poem::{EndpointExt as _, Response, Route, get};

/// The media type: `OpenMetrics`, the standardized text format of Prometheus.
const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Renders the current metrics.
pub type Exposition = Arc<dyn Fn() -> BoxFuture<'static, String> + Send + Sync>;

/// An endpoint with `GET /metrics` only.
#[must_use]
pub fn endpoint(text: Exposition) -> BoxEndpoint<'static> {
    let metrics = make(move |_| {
        let text = text();
        async move { Response::builder().header(CONTENT_TYPE, MEDIA_TYPE).body(text.await) }
    });
    Route::new().at("/metrics", get(metrics)).boxed()
}
