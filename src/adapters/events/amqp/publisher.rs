use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::types::ShortString;
use lapin::{BasicProperties, Channel, Confirmation, Event};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout_at};

use super::error::{AmqpError, in_time, opened};
use super::message;
use super::place::Place;
use super::pulse::Pulse;
use super::topology::Names;
use super::wire::Wire;
use crate::adapters::system::random;
use crate::domain::Cause;
use crate::ports::events::{NotPublished, StoredEvent};
use crate::tasks::Backoff;
use crate::telemetry::spans::{Kind, Span, Tracer};

/// How long the confirmation of a batch may take: well within the lease of its events.
const CONFIRM: Duration = Duration::from_secs(10);
/// The most events that wait for a confirmation at the same time. RabbitMQ stops to read a connection
/// (`flow`) that is 400 messages ahead of the queue, and would seem to be silent: it does not report that it
/// stopped. It counts in steps of 200, so that up to 199 more may count for it.
const WINDOW: usize = 200;
/// The first and the longest back-off before connecting again.
const RECONNECT: Backoff = Backoff::new(Duration::from_millis(200), Duration::from_secs(2));
/// How often the state of the connection is polled, in addition to the events that it reports.
const LOOK: Duration = Duration::from_millis(200);

/// The publisher of events. It keeps a connection to the broker open.
pub(super) struct Publisher {
    place: Arc<Place>,
    source: String,
    tracer: Tracer,
    link: watch::Sender<Option<Arc<Link>>>,
}

/// A connection for publishing events.
struct Link {
    wire: Wire,
    channel: Channel,
    pulse: Pulse,
    fault: Mutex<Option<AmqpError>>,
}

impl Publisher {
    pub fn new(place: Arc<Place>, source: String, tracer: Tracer) -> Self {
        Self { place, source, tracer, link: watch::Sender::new(None) }
    }

    /// Connects, and connects again after every failure. Never returns.
    pub async fn keep_up(&self) {
        let (mut backoff, mut last) = (RECONNECT, None);
        loop {
            match opened(Link::open(&self.place)).await {
                Ok(link) => {
                    tracing::info!(
                        exchange = self.place.names.exchange.as_str(),
                        "publisher connected to the broker"
                    );
                    backoff.reset();
                    last = None;
                    let link = Arc::new(link);
                    self.link.send_replace(Some(link.clone()));
                    let fault = link.watch().await;
                    self.link.send_replace(None);
                    tracing::warn!(%fault, "publisher disconnected, reconnecting");
                    if link.is_connected() && !matches!(fault, AmqpError::Silent(..)) {
                        link.wire.close().await;
                    }
                    // Events that wait for a confirmation on it fail now, and are published again.
                    link.wire.cut();
                }
                Err(fault) => {
                    if last.as_ref() != Some(&fault) {
                        tracing::warn!(%fault, "publisher not connected, events wait in the outbox");
                    }
                    last = Some(fault);
                }
            }
            sleep(backoff.jittered_wait(random::<1>()[0])).await;
        }
    }

    pub fn is_up(&self) -> bool {
        self.link.borrow().as_ref().is_some_and(|link| link.is_usable())
    }

    pub async fn ready(&self) {
        let mut link = self.link.subscribe();
        while !self.is_up() {
            // The end of a block does not change the watched value, so it is polled.
            tokio::select! {
                _ = link.changed() => {}
                () = sleep(LOOK) => {}
            }
        }
    }

    /// Many at once, so that the broker writes them to disk together. They leave in their order.
    pub async fn publish(&self, events: &[StoredEvent]) -> Vec<Result<(), NotPublished>> {
        let link = self.link.borrow().clone().filter(|link| link.is_usable());
        let Some(link) = link else {
            let away = || Err(NotPublished("the broker is unreachable or blocks publishing".to_owned()));
            return events.iter().map(|_| away()).collect();
        };
        let deadline = Instant::now() + CONFIRM;
        let publishing = events.iter().map(async |event| {
            let (mut span, cause) = self.begin_span(event);
            let Some((body, properties)) = message::outgoing(&self.source, event, &cause) else {
                return Err(NotPublished("the data of the event is not valid JSON".to_owned()));
            };
            if let Some(fault) = link.fault() {
                span.fail("broker");
                return Err(NotPublished(fault.to_string()));
            }
            let key = Names::routing_key(&event.type_name);
            let publishing = link.publish(&self.place.names.exchange, key, &body, properties);
            let published = timeout_at(deadline, publishing).await.unwrap_or_else(|_| Err(link.late()));
            published.map_err(|fault| {
                span.fail("broker");
                NotPublished(fault.to_string())
            })
        });
        in_windows(publishing.collect()).await
    }

    /// Begins the span of a message. Returns it with the cause of whatever follows from the message.
    fn begin_span(&self, event: &StoredEvent) -> (Span, Cause) {
        let (mut cause, exchange) = (event.cause.clone(), self.place.names.exchange.as_str());
        let mut span = self.tracer.begin(Kind::Producer, || format!("publish {exchange}"), &mut cause);
        span.set("messaging.system", || "rabbitmq");
        span.set("messaging.operation.name", || "publish");
        span.set("messaging.operation.type", || "send");
        span.set("messaging.destination.name", || exchange.to_owned());
        span.set("messaging.message.id", || event.id.to_string());
        span.set("svc.event.type", || event.type_name.clone());
        (span, cause)
    }

    pub async fn close(&self) {
        if let Some(link) = self.link.send_replace(None) {
            link.wire.close().await;
        }
    }
}

impl Link {
    async fn open(place: &Arc<Place>) -> Result<Self, AmqpError> {
        let wire = Wire::open(place, "svc publisher").await?;
        let channel = wire.channel().await?;
        place.names.declare(&channel).await?;
        in_time("enabling confirms", channel.confirm_select(ConfirmSelectOptions::default())).await?;
        let pulse = Pulse::begin(&wire).await?;
        Ok(Self { wire, channel, pulse, fault: Mutex::default() })
    }

    fn is_usable(&self) -> bool {
        self.is_connected() && !self.wire.is_blocked() && self.fault().is_none()
    }

    fn is_connected(&self) -> bool {
        self.wire.connection().status().connected() && self.channel.status().connected()
    }

    fn fault(&self) -> Option<AmqpError> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Marks the connection as failed, so that it is replaced. Returns the first error, which is the one that
    /// counts.
    fn fail(&self, fault: AmqpError) -> AmqpError {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(fault).clone()
    }

    fn late(&self) -> AmqpError {
        self.fail(AmqpError::Silent(
            CONFIRM,
            if self.wire.is_blocked() {
                "confirming: the broker is short of memory or disk, and blocks publishing"
            } else {
                "confirming"
            },
        ))
    }

    /// Watches the connection until it is unusable, and returns the reason. A blocked connection is kept: the
    /// broker would not notice its end, and would publish the messages sent on it when it continues.
    async fn watch(&self) -> AmqpError {
        let mut happenings = std::pin::pin!(self.wire.connection().events_listener());
        let mut silent = std::pin::pin!(self.pulse.stopped());
        let mut was_blocked = false;
        loop {
            tokio::select! {
                Some(happening) = happenings.next() => match happening {
                    Event::Error(error) => return self.fail(error.into()),
                    Event::ConnectionBlocked(reason) => {
                        tracing::warn!(reason, "broker blocks publishing, events wait in the outbox");
                    }
                    _ => {}
                },
                fault = &mut silent => return self.fail(fault),
                () = sleep(LOOK) => {}
            }
            let is_blocked = self.wire.is_blocked();
            if was_blocked && !is_blocked {
                tracing::info!("broker accepts events again");
            }
            was_blocked = is_blocked;
            if let Some(fault) = self.fault().filter(|_| !is_blocked) {
                return fault;
            }
            if !self.is_connected() {
                return self.fail(AmqpError::Broken("the connection was closed".to_owned()));
            }
        }
    }

    /// Publishes one message, and waits until the broker has written it to disk in a queue.
    async fn publish(
        &self,
        exchange: &ShortString,
        key: ShortString,
        body: &[u8],
        properties: BasicProperties,
    ) -> Result<(), AmqpError> {
        match confirmed(&self.channel, exchange, key, body, properties).await {
            Ok(()) => {
                self.pulse.felt();
                Ok(())
            }
            Err(fault) => Err(self.fail(fault)),
        }
    }
}

/// Runs all, at most `WINDOW` at the same time, and begins them in their order. The results have the same
/// order.
async fn in_windows<F: Future>(all: Vec<F>) -> Vec<F::Output> {
    stream::iter(all).buffered(WINDOW).collect().await
}

/// Publishes one message on a channel that has confirms enabled, and waits for the confirmation. Fails when
/// no queue is bound for the message or the broker rejects it.
pub(super) async fn confirmed(
    channel: &Channel,
    exchange: &ShortString,
    key: ShortString,
    body: &[u8],
    properties: BasicProperties,
) -> Result<(), AmqpError> {
    let returned = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
    let sent = channel.basic_publish(exchange.clone(), key, returned, body, properties).await?;
    match sent.await? {
        Confirmation::Ack(None) => Ok(()),
        Confirmation::Ack(Some(_)) => {
            Err(AmqpError::Broken("no queue is bound for the event: a binding is missing".to_owned()))
        }
        Confirmation::Nack(_) => {
            Err(AmqpError::Broken("the broker rejected the event: a queue is full or unavailable".to_owned()))
        }
        Confirmation::NotRequested => {
            Err(AmqpError::Broken("the broker did not confirm the event".to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn fewer_events_wait_for_a_confirmation_than_stop_the_broker_from_reading() {
        let (begun, waiting, most) = (Mutex::new(Vec::new()), AtomicUsize::new(0), AtomicUsize::new(0));
        let confirmed = (0..500).map(async |event| {
            begun.lock().unwrap().push(event);
            most.fetch_max(waiting.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            for _ in 0..event % 7 {
                tokio::task::yield_now().await;
            }
            waiting.fetch_sub(1, Ordering::Relaxed);
            event
        });
        let all: Vec<_> = (0..500).collect();
        assert_eq!(in_windows(confirmed.collect()).await, all);
        assert_eq!(begun.into_inner().unwrap(), all);
        assert!((WINDOW / 2..=WINDOW).contains(&most.into_inner()));
    }
}
