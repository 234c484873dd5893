//! The metrics of a service inside the test.

use poem::{Endpoint as _, Request};

use super::App;

/// Returns the page for a Prometheus server.
pub async fn metrics_page(app: &App) -> String {
    let request = Request::builder().uri_str("/metrics").finish();
    app.container.metrics_endpoint().get_response(request).await.into_body().into_string().await.unwrap()
}
