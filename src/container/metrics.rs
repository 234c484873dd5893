//! Metrics: the counts and their page.

use std::sync::Arc;

use poem::endpoint::BoxEndpoint;

use super::Container;
use crate::adapters::metrics::MetricsPage;
use crate::api;
use crate::telemetry::metrics::HttpCounts;

impl Container {
    /// The counts of requests and connections.
    #[must_use]
    pub fn http_counts(&self) -> Arc<HttpCounts> {
        self.metrics.http.clone()
    }

    /// The endpoint for a Prometheus server.
    #[must_use]
    pub fn metrics_endpoint(&self) -> BoxEndpoint<'static> {
        let (store, cache) = (Arc::new(self.store.clone()), self.ports.cache.clone());
        let page = MetricsPage::new(
            self.metrics.clone(),
            store.clone(),
            store.clone(),
            store,
            cache,
            self.ports.clock.clone(),
        );
        let page = Arc::new(page);
        api::metrics::endpoint(Arc::new(move |format| {
            let page = page.clone();
            Box::pin(async move { page.text(format).await })
        }))
    }
}
