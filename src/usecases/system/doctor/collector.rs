use std::sync::Arc;

use async_trait::async_trait;

use super::check::DoctorCheck;
use super::finding::Finding;
use crate::ports::inspection::{CollectorFacts, CollectorInspector};

const NAME: &str = "collector";

/// Checks that the collector of traces takes spans.
pub(super) struct CollectorCheck {
    pub collector: Arc<dyn CollectorInspector>,
}

#[async_trait]
impl DoctorCheck for CollectorCheck {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn run(&self) -> Vec<Finding> {
        let CollectorFacts { endpoint, fault } = self.collector.inspect().await;
        vec![match fault {
            None => Finding::ok(NAME, format!("{endpoint} answers; no span was sent")),
            Some(fault) => Finding::warn(
                NAME,
                format!("{endpoint}: {fault}"),
                "traces are dropped; nothing else is disturbed",
                "start the collector, or correct OTEL_EXPORTER_OTLP_ENDPOINT and, for an authority of your own, \
                 OTEL_EXPORTER_OTLP_CERTIFICATE",
            ),
        }]
    }
}
