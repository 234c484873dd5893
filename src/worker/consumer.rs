use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::background_task::BackgroundTask;
use super::fail_points::FailPoints;
use super::handlers::{Handler, deliveries};
use super::ports::WorkerPorts;
use crate::ports::StoreError;
use crate::ports::events::{Arrival, Intake, Source, SourceError};
use crate::tasks::{Backoff, Shutdown};

/// The number of messages delivered in one transaction.
const BATCH: usize = 250;
/// The first and the longest wait before reconnecting to the broker.
const RECONNECT: Backoff = Backoff::new(Duration::from_millis(200), Duration::from_secs(2));
/// The first and the longest wait before trying the database again.
const REPEAT: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(5));
/// How long unacked messages are kept while the database is unavailable. Then they are returned, so that the
/// broker does not consider this consumer stuck.
const HOLD: Duration = Duration::from_mins(1);

/// Receives events from the broker and delivers them to the inbox.
///
/// A message is acked after the commit, so it is delivered at least once. Existing inbox entries stay
/// unchanged.
pub(super) struct Consumer {
    ports: WorkerPorts,
    source: Arc<dyn Source>,
    handlers: Vec<Handler>,
    fail_points: FailPoints,
}

/// Why a connection is closed.
enum Leave {
    Stopping,
    Broken(SourceError),
}

impl From<SourceError> for Leave {
    fn from(fault: SourceError) -> Self {
        Self::Broken(fault)
    }
}

impl Consumer {
    pub fn new(
        ports: WorkerPorts,
        source: Arc<dyn Source>,
        handlers: Vec<Handler>,
        fail_points: FailPoints,
    ) -> Self {
        Self { ports, source, handlers, fail_points }
    }

    /// Consumes over one connection until it fails or the process stops. Sets `opened` once the connection is
    /// open.
    async fn consume(&self, stop: &Shutdown, opened: &mut bool) -> Leave {
        let opening = tokio::select! {
            opening = self.source.open() => opening,
            () = stop.stopping() => return Leave::Stopping,
        };
        let mut intake = match opening {
            Ok(intake) => Some(intake),
            Err(fault) => return Leave::Broken(fault),
        };
        *opened = true;
        let left = loop {
            let Some(open) = &mut intake else { break Leave::Broken(SourceError("was let go".to_owned())) };
            let arrivals = tokio::select! {
                arrivals = open.next(BATCH) => arrivals,
                () = stop.stopping() => break Leave::Stopping,
            };
            let taken = match arrivals {
                Ok(arrivals) => self.take(&arrivals, &mut intake, stop).await,
                Err(fault) => Err(Leave::Broken(fault)),
            };
            if let Err(leave) = taken {
                break leave;
            }
        };
        if let (Leave::Stopping, Some(intake)) = (&left, intake) {
            intake.close().await;
        }
        left
    }

    /// Delivers a batch. Acks the delivered messages and rejects those that identify no event.
    async fn take(
        &self,
        arrivals: &[Arrival],
        intake: &mut Option<Box<dyn Intake>>,
        stop: &Shutdown,
    ) -> Result<(), Leave> {
        let ids: Vec<Uuid> = arrivals.iter().map(|arrival| arrival.event_id).collect();
        let unknown = self.deliver_in_the_end(&ids, intake, stop).await?;
        self.fail_points.reach(FailPoints::CONSUMER_DELIVERED, None);
        let Some(intake) = intake else { return Ok(()) };
        let (refused, accepted): (Vec<_>, Vec<_>) =
            arrivals.iter().copied().partition(|arrival| unknown.contains(&arrival.event_id));
        if !refused.is_empty() {
            tracing::warn!(events = ?unknown, "messages without an event in the outbox dead-lettered");
            intake.reject(&refused).await?;
        }
        if !accepted.is_empty() {
            intake.ack(&accepted).await?;
        }
        Ok(())
    }

    /// Retries the delivery until the database accepts it. Returns the events that are not in the outbox.
    /// After a while the messages are returned to the broker; they are requested again only after the
    /// database has accepted this batch.
    async fn deliver_in_the_end(
        &self,
        ids: &[Uuid],
        intake: &mut Option<Box<dyn Intake>>,
        stop: &Shutdown,
    ) -> Result<Vec<Uuid>, Leave> {
        let (began, mut backoff) = (Instant::now(), REPEAT);
        loop {
            match self.deliver(ids).await {
                Ok(unknown) => return Ok(unknown),
                Err(error) => tracing::warn!(%error, "failed to deliver events from the broker, retrying"),
            }
            if began.elapsed() > HOLD
                && let Some(intake) = intake.take()
            {
                tracing::warn!("database unavailable, consumer stopped");
                intake.close().await;
            }
            tokio::select! {
                () = sleep(backoff.jittered_wait(self.ports.ids.chance())) => {}
                () = stop.stopping() => return Err(Leave::Stopping),
            }
        }
    }

    async fn deliver(&self, ids: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
        let types = self.ports.inbox.types_of(ids).await?;
        let wanted = deliveries(&self.handlers, types.values().map(String::as_str));
        self.ports.inbox.deliver(ids, &wanted, self.ports.clock.now()).await?;
        tracing::debug!(events = types.len(), "events from the broker delivered");
        Ok(ids.iter().copied().filter(|id| !types.contains_key(id)).collect())
    }
}

#[async_trait]
impl BackgroundTask for Consumer {
    fn name(&self) -> String {
        "consumer".to_owned()
    }

    async fn run(&self, stop: &Shutdown) -> Result<(), StoreError> {
        let (mut backoff, mut reported) = (RECONNECT, None);
        while !stop.is_stopping() {
            let mut opened = false;
            let Leave::Broken(fault) = self.consume(stop, &mut opened).await else { return Ok(()) };
            // A fault is not logged again while no connection succeeds.
            if opened || reported.as_ref() != Some(&fault) {
                tracing::warn!(%fault, "consumer not connected, retrying");
            }
            reported = Some(fault);
            if opened {
                backoff.reset();
            }
            tokio::select! {
                () = sleep(backoff.jittered_wait(self.ports.ids.chance())) => {}
                () = stop.stopping() => return Ok(()),
            }
        }
        Ok(())
    }
}
