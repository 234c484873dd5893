use std::sync::Arc;
use std::time::Duration;

use crate::ports::events::{InboxQueue, Jobs, Lease, OutboxQueue, Partitions, Source, Transport, Wakeups};
use crate::ports::{Clock, Ids, Store};
use crate::telemetry::metrics::WorkerCounts;
use crate::telemetry::spans::Tracer;

/// How often to look for work without a notification.
pub(super) const POLL: Duration = Duration::from_secs(1);
/// The duration of a lease. Work of a process that died can be claimed again after this time.
pub(super) const LEASE: Duration = Duration::from_secs(30);

/// The ports of a worker.
#[derive(Clone)]
#[expect(missing_docs, reason = "each is documented where it is declared")]
pub struct WorkerPorts {
    pub store: Arc<dyn Store>,
    pub outbox: Arc<dyn OutboxQueue>,
    pub inbox: Arc<dyn InboxQueue>,
    pub wakeups: Arc<dyn Wakeups>,
    pub jobs: Arc<dyn Jobs>,
    pub partitions: Arc<dyn Partitions>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub counts: Arc<WorkerCounts>,
    pub tracer: Tracer,
}

impl WorkerPorts {
    pub(super) fn lease(&self) -> Lease {
        let now = self.clock.now();
        Lease { claim: self.ids.uuid(), now, until: now.plus(LEASE) }
    }
}

/// The destination of the relay.
#[derive(Clone)]
pub enum Route {
    /// The inbox of this database.
    Inbox,
    /// A broker, from which a consumer delivers to the inbox.
    Broker(Arc<dyn Transport>, Arc<dyn Source>),
}
