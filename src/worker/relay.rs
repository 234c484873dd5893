use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::background_task::BackgroundTask;
use super::fail_points::FailPoints;
use super::handlers::{Handler, deliveries};
use super::ports::{POLL, Route, WorkerPorts};
use crate::ports::StoreError;
use crate::ports::events::{NotPublished, Queue, RelayOutcome, StoredEvent, UnrelayedEvent};
use crate::tasks::{Backoff, Shutdown};
use crate::worker::batching_pause::BatchingPause;

/// The number of events relayed together.
const BATCH: u32 = 500;
/// The wait before an event that the broker did not confirm is published again.
const AGAIN: Backoff = Backoff::new(Duration::from_millis(500), Duration::from_millis(500));

/// Relays the events of the outbox.
///
/// An event is marked as relayed afterwards, and only if no other process has claimed it in the meantime. So
/// it is relayed at least once, even if this process dies. Receivers recognize a duplicate by its id.
pub(super) struct Relay {
    ports: WorkerPorts,
    route: Route,
    handlers: Vec<Handler>,
    fail_points: FailPoints,
}

impl Relay {
    pub fn new(ports: WorkerPorts, route: Route, handlers: Vec<Handler>, fail_points: FailPoints) -> Self {
        Self { ports, route, handlers, fail_points }
    }

    /// Relays one batch. Returns false if there was none. Without a notification (`reported`) it checks
    /// first, because a claim writes.
    async fn step(&self, reported: bool) -> Result<bool, StoreError> {
        let ports = &self.ports;
        if !reported && !ports.outbox.is_due(ports.clock.now()).await? {
            return Ok(false);
        }
        let lease = ports.lease();
        let events = ports.outbox.claim_unrelayed(&lease, BATCH).await?;
        if events.is_empty() {
            return Ok(false);
        }
        let claimed: Vec<Uuid> = events.iter().map(|event| event.id).collect();
        self.fail_points.reach(FailPoints::RELAY_CLAIMED, None);
        let (unrelayed, deliveries) = match &self.route {
            Route::Inbox => {
                (Vec::new(), deliveries(&self.handlers, events.iter().map(|event| &*event.type_name)))
            }
            Route::Broker(transport, _) => {
                let confirmations = transport.publish(&events).await;
                self.fail_points.reach(FailPoints::RELAY_PUBLISHED, None);
                (self.unrelayed(&events, confirmations), Vec::new())
            }
        };
        if let Some(UnrelayedEvent { error, .. }) = unrelayed.first() {
            tracing::warn!(events = unrelayed.len(), %error, "failed to relay events, retrying");
        }
        let outcome = RelayOutcome {
            claim: lease.claim,
            now: ports.clock.now(),
            events: &claimed,
            unrelayed: &unrelayed,
            deliveries: &deliveries,
        };
        let sent = ports.outbox.record_outcomes(&outcome).await?;
        ports.counts.published.add(sent);
        ports.counts.not_published.add(unrelayed.len() as u64);
        self.fail_points.reach(FailPoints::RELAY_RECORDED, None);
        tracing::debug!(sent, unrelayed = unrelayed.len(), "events relayed");
        Ok(true)
    }

    /// Waits until events can be relayed. Until then no event is claimed, and no attempt is counted.
    async fn ready(&self, stop: &Shutdown) -> bool {
        if let Route::Broker(transport, _) = &self.route {
            tokio::select! {
                () = transport.ready() => {}
                () = stop.stopping() => {}
            }
        }
        !stop.is_stopping()
    }

    fn unrelayed(
        &self,
        events: &[StoredEvent],
        confirmations: Vec<Result<(), NotPublished>>,
    ) -> Vec<UnrelayedEvent> {
        // An event without a result was not confirmed.
        let silent = || Err(NotPublished("no confirmation".to_owned()));
        let confirmations = confirmations.into_iter().chain(std::iter::repeat_with(silent));
        let wait = AGAIN.after(1, self.ports.ids.chance());
        let until = self.ports.clock.now().plus(wait);
        let unrelayed = |(event, confirmed): (&StoredEvent, Result<(), NotPublished>)| {
            let error = confirmed.err()?.to_string();
            Some(UnrelayedEvent { id: event.id, until, error })
        };
        events.iter().zip(confirmations).filter_map(unrelayed).collect()
    }
}

#[async_trait]
impl BackgroundTask for Relay {
    fn name(&self) -> String {
        "relay".to_owned()
    }

    async fn run(&self, stop: &Shutdown) -> Result<(), StoreError> {
        let mut wakeup = self.ports.wakeups.of(Queue::Outbox);
        let mut reported = false;
        loop {
            let began = Instant::now();
            self.ports.counts.turns.add(1);
            // Looks again after each batch: in the meantime another process may have released events that
            // wait for this one.
            while self.ready(stop).await && self.step(reported).await? {
                reported = false;
            }
            let rest = BatchingPause::after(began);
            reported = tokio::select! {
                () = stop.stopping() => return Ok(()),
                () = wakeup.woken() => true,
                () = sleep(POLL) => false,
            };
            rest.over(stop).await;
        }
    }
}
