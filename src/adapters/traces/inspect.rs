use std::time::Duration;

use async_trait::async_trait;
use tokio::time::timeout;

use super::collector::{Collector, CollectorSettings, Failure};
use crate::ports::inspection::{CollectorFacts, CollectorInspector};

/// The longest that the collector may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The collector, for an operator: it gets a request without spans.
#[async_trait]
impl CollectorInspector for CollectorSettings {
    async fn inspect(&self) -> CollectorFacts {
        let fault = match Collector::new(self) {
            None => Some("the endpoint or a header is invalid".to_owned()),
            Some(mut collector) => {
                let body = collector.pack(Vec::new());
                match timeout(PATIENCE, collector.send(&body)).await {
                    Ok(Ok(_)) => None,
                    Ok(Err(Failure::ForNow(reason, _) | Failure::ForGood(reason))) => Some(reason),
                    Err(_) => Some(format!("no answer within {PATIENCE:?}")),
                }
            }
        };
        CollectorFacts { endpoint: self.endpoint.clone(), fault }
    }
}
