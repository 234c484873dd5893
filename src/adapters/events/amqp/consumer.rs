use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::{FutureExt, StreamExt};
use lapin::message::Delivery;
use lapin::options::{BasicAckOptions, BasicConsumeOptions, BasicQosOptions, BasicRejectOptions};
use lapin::types::{FieldTable, ShortString};
use lapin::{Channel, Consumer};
use tokio::time::{Instant, sleep_until};

use super::error::{AmqpError, in_time};
use super::message;
use super::place::Place;
use super::pulse::Pulse;
use super::wire::Wire;
use crate::ports::events::{Arrival, Intake, SourceError};

/// The number of messages that the broker sends ahead of an acknowledgement: enough for one batch to be on
/// its way while another is delivered.
const PREFETCH: u16 = 500;
/// How often the topology is declared again. A binding that was removed is restored within this time.
const PROBE: Duration = Duration::from_secs(3);

/// A consumer of the inbox queue, on a connection of its own.
pub(super) struct Consuming {
    place: Arc<Place>,
    channel: Channel,
    messages: Consumer,
    probe: Instant,
    pulse: Pulse,
    /// The last field, so that the connection is dropped last.
    wire: Wire,
}

impl Consuming {
    pub async fn begin(place: &Arc<Place>) -> Result<Self, AmqpError> {
        let wire = Wire::open(place, "svc consumer").await?;
        let channel = wire.channel().await?;
        place.names.declare(&channel).await?;
        let one_consumer = BasicQosOptions { global: false };
        in_time("setting the prefetch", channel.basic_qos(PREFETCH, one_consumer)).await?;
        let options = BasicConsumeOptions::default();
        let consuming = channel.basic_consume(
            place.names.inbox.clone(),
            ShortString::default(),
            options,
            FieldTable::default(),
        );
        let messages = in_time("consuming", consuming).await?;
        tracing::info!(queue = place.names.inbox.as_str(), "consumer connected to the broker");
        let pulse = Pulse::begin(&wire).await?;
        Ok(Self { place: place.clone(), channel, messages, probe: Instant::now() + PROBE, pulse, wire })
    }

    /// Waits for the next message, or returns `None` after declaring the topology again. Fails when the
    /// broker stops answering, and when the stream ends, because then the queue was deleted.
    async fn one(&mut self) -> Result<Option<Delivery>, AmqpError> {
        tokio::select! {
            message = self.messages.next() => match message {
                Some(message) => {
                    self.pulse.felt();
                    Ok(Some(message?))
                }
                None => Err(AmqpError::Broken("the broker cancelled the consumer: its queue was deleted".to_owned())),
            },
            () = sleep_until(self.probe) => {
                self.probe = Instant::now() + PROBE;
                tokio::select! {
                    declared = self.place.names.declare(&self.channel) => declared.map(|()| None),
                    fault = self.pulse.stopped() => Err(fault),
                }
            }
            fault = self.pulse.stopped() => Err(fault),
        }
    }

    /// Reads the event id from a message. Rejects a message without a valid one, and returns `None`.
    async fn read(&self, message: &Delivery) -> Result<Option<Arrival>, AmqpError> {
        let tag = message.delivery_tag;
        match message::event_id(&message.data) {
            Ok(event_id) => Ok(Some(Arrival { event_id, tag })),
            Err(reason) => {
                let message_id = message.properties.message_id().as_ref().map(ShortString::as_str);
                tracing::warn!(reason, message_id, "message dead-lettered");
                self.reject_one(tag).await?;
                Ok(None)
            }
        }
    }

    async fn reject_one(&self, tag: u64) -> Result<(), AmqpError> {
        let to_the_dead = BasicRejectOptions { requeue: false };
        in_time("rejecting a message", self.channel.basic_reject(tag, to_the_dead)).await
    }
}

#[async_trait]
impl Intake for Consuming {
    async fn next(&mut self, limit: usize) -> Result<Vec<Arrival>, SourceError> {
        let mut arrivals = Vec::new();
        while arrivals.is_empty() {
            let mut message = self.one().await?;
            while let Some(read) = message.take() {
                arrivals.extend(self.read(&read).await?);
                if arrivals.len() < limit {
                    // Takes only messages that have already arrived. The next call finds the end of the
                    // stream.
                    message =
                        self.messages.next().now_or_never().flatten().transpose().map_err(AmqpError::from)?;
                }
            }
        }
        Ok(arrivals)
    }

    async fn ack(&mut self, arrivals: &[Arrival]) -> Result<(), SourceError> {
        let Some(last) = arrivals.iter().map(|arrival| arrival.tag).max() else { return Ok(()) };
        let all_before = BasicAckOptions { multiple: true };
        in_time("acknowledging", self.channel.basic_ack(last, all_before)).await?;
        Ok(())
    }

    async fn reject(&mut self, arrivals: &[Arrival]) -> Result<(), SourceError> {
        for arrival in arrivals {
            self.reject_one(arrival.tag).await?;
        }
        Ok(())
    }

    async fn close(self: Box<Self>) {
        self.wire.close().await;
    }
}
