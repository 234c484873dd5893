//! Traces: what records spans, and what sends them to a collector.

use std::sync::{Arc, OnceLock};

use crate::adapters::traces::{CollectorSettings, ExportSettings, TraceExporter};
use crate::config::TraceSettings;
use crate::ports::{Clock, Ids};
use crate::telemetry::metrics::TraceCounts;
use crate::telemetry::spans::{SpanQueue, Tracer};

/// The parts of traces. While they are off, the tracer begins no spans, and there is nothing else.
pub(super) struct Traces {
    pub(super) tracer: Tracer,
    on: Option<On>,
}

struct On {
    settings: ExportSettings,
    queue: Arc<SpanQueue>,
    counts: Arc<TraceCounts>,
    exporter: OnceLock<TraceExporter>,
}

impl Traces {
    /// Starts no thread yet.
    pub(super) fn new(
        settings: Option<&TraceSettings>,
        clock: &Arc<dyn Clock>,
        ids: &Arc<dyn Ids>,
        counts: &Arc<TraceCounts>,
    ) -> Self {
        let Some(settings) = settings else { return Self { tracer: Tracer::default(), on: None } };
        let (size, batch) = (settings.queue_size, settings.batch_size);
        let queue = Arc::new(SpanQueue::new(size, batch, counts.clone()));
        let tracer = Tracer::new(settings.sampler, queue.clone(), clock.clone(), ids.clone());
        let own = [
            ("service.version", env!("CARGO_PKG_VERSION").to_owned()),
            ("service.instance.id", ids.uuid().to_string()),
            ("telemetry.sdk.language", "rust".to_owned()),
        ];
        let mut resource = settings.resource.clone();
        for (name, value) in own {
            if resource.iter().all(|(known, _)| known != name) {
                resource.push((name.to_owned(), value));
            }
        }
        let collector = collector(settings);
        let settings =
            ExportSettings { collector, resource, timeout: settings.timeout, delay: settings.delay };
        Self { tracer, on: Some(On { settings, queue, counts: counts.clone(), exporter: OnceLock::new() }) }
    }

    /// Starts the thread that sends spans to the collector, if traces are on.
    pub(super) fn export(&self) {
        let Some(On { settings, queue, counts, exporter }) = &self.on else { return };
        match TraceExporter::start(settings.clone(), queue.clone(), counts.clone()) {
            Ok(started) => {
                tracing::info!(endpoint = settings.collector.endpoint, "traces are exported");
                // It was not started before.
                let _ = exporter.set(started);
            }
            Err(error) => tracing::error!(%error, "traces are not exported"),
        }
    }

    /// Sends the last spans, for about two seconds at most.
    pub(super) async fn close(&self) {
        if let Some(exporter) = self.on.as_ref().and_then(|on| on.exporter.get()) {
            exporter.close().await;
        }
    }
}

/// The collector of traces.
pub(super) fn collector(settings: &TraceSettings) -> CollectorSettings {
    CollectorSettings {
        endpoint: settings.endpoint.clone(),
        headers: settings.headers.clone(),
        authorities: settings.authorities.clone(),
        gzip: settings.gzip,
    }
}
