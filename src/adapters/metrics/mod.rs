//! The metrics as text that a Prometheus server reads.
//!
//! **Here**: the [`MetricsPage`], which reads the backlog from the store (`waiting`), `collector`, the names
//! of all metrics, `encoder`, how they are written, `process`, which asks the operating system, and `text`,
//! the second of the two formats.
//!
//! **May use**: `ports`, `telemetry`, prometheus-client.
//!
//! **To add one**: a line in `collector`, and one in `docs/metrics.md`.

mod collector;
mod encoder;
mod process;
mod text;
mod waiting;

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;
use tokio::sync::Mutex;

use self::collector::Collected;
use self::process::ProcessState;
use self::waiting::Waiting;
use crate::ports::events::{BacklogReader, StatementLimit};
use crate::ports::store::{RequestBacklogs, StoreConnections, StoreError};
use crate::ports::{Cache, Clock, SharedCache};
use crate::telemetry::metrics::{Metrics, MetricsFormat};

/// The store is read no more often than this, however many clients request the page.
const FRESH: Duration = Duration::from_secs(3);

/// All metrics of one process.
pub struct MetricsPage {
    metrics: Arc<Metrics>,
    events: Arc<dyn BacklogReader>,
    requests: Arc<dyn RequestBacklogs>,
    connections: Arc<dyn StoreConnections>,
    cache: Arc<dyn Cache>,
    clock: Arc<dyn Clock>,
    /// By the monotonic clock.
    began: Duration,
    asked: Mutex<Option<Asked>>,
}

/// The answer of the store, and when it was asked.
#[derive(Clone)]
struct Asked {
    at: Duration,
    /// `None` if it did not answer.
    backlog: Option<Waiting>,
}

impl MetricsPage {
    /// Creates the page. The uptime counts from now.
    #[must_use]
    pub fn new(
        metrics: Arc<Metrics>,
        events: Arc<dyn BacklogReader>,
        requests: Arc<dyn RequestBacklogs>,
        connections: Arc<dyn StoreConnections>,
        cache: Arc<dyn Cache>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let began = clock.monotonic();
        Self { metrics, events, requests, connections, cache, clock, began, asked: Mutex::default() }
    }

    /// Returns the page as text in this format.
    pub async fn text(&self, format: MetricsFormat) -> String {
        let collected = Collected {
            metrics: self.metrics.clone(),
            backlog: self.backlog().await,
            pools: self.connections.pools(),
            process: ProcessState::read(),
            shared_cache: self.cache.shared().map(|shared| shared == SharedCache::Used),
            now: self.clock.now(),
            uptime: self.clock.monotonic().saturating_sub(self.began),
        };
        let mut registry = Registry::default();
        registry.register_collector(Box::new(collected));
        let mut text = String::new();
        // Writing to memory does not fail.
        let _ = encode(&mut text, &registry);
        match format {
            MetricsFormat::OpenMetrics => text,
            MetricsFormat::Prometheus => text::to_prometheus(&text),
        }
    }

    /// Reads the backlog. While one caller asks the store, the others wait for its answer.
    async fn backlog(&self) -> Option<Waiting> {
        let mut asked = self.asked.lock().await;
        let now = self.clock.monotonic();
        if let Some(asked) = asked.as_ref().filter(|asked| now < asked.at + FRESH) {
            return asked.backlog.clone();
        }
        let backlog = self.read_backlog().await;
        if let Err(error) = &backlog {
            tracing::debug!(%error, "failed to read the backlog");
        }
        let backlog = backlog.ok();
        *asked = Some(Asked { at: now, backlog: backlog.clone() });
        backlog
    }

    async fn read_backlog(&self) -> Result<Waiting, StoreError> {
        let events = self.events.backlog(StatementLimit::Request).await?;
        Ok(Waiting { events, requests: self.requests.request_backlogs().await? })
    }
}
