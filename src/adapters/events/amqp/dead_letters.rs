use std::sync::Arc;

use async_trait::async_trait;
use lapin::Channel;
use lapin::message::BasicGetMessage;
use lapin::options::{BasicAckOptions, BasicGetOptions, ConfirmSelectOptions};
use lapin::types::ShortString;
use tokio::time::timeout;

use super::broker::Amqp;
use super::error::{AmqpError, PATIENCE, in_time};
use super::message;
use super::place::Place;
use super::publisher::confirmed;
use super::topology::{DELIVERIES, Names};
use super::wire::Wire;
use crate::ports::events::{ClaimedDeadLetters, DeadLetter, DeadLetters, Depth, EventFilter, SourceError};

/// Dead letters that were taken from the queue. Those that were not acknowledged return to the queue when the
/// connection ends.
struct Claimed {
    place: Arc<Place>,
    channel: Channel,
    letters: Vec<DeadLetter>,
    /// The delivery tag of each dead letter, in the same order.
    tags: Vec<u64>,
    /// The last field, so that the connection is dropped last.
    wire: Wire,
}

impl Amqp {
    async fn operate(&self) -> Result<(Wire, Channel), AmqpError> {
        let wire = Wire::open(&self.place, "svc operator").await?;
        let channel = wire.channel().await?;
        self.place.names.declare(&channel).await?;
        Ok((wire, channel))
    }

    /// Takes dead letters from the queue until `most` of them are wanted. The others that it reads on the way
    /// are claimed too, until the connection ends.
    async fn hold_those(
        &self,
        most: usize,
        is_wanted: impl Fn(&DeadLetter) -> bool + Send,
    ) -> Result<Claimed, AmqpError> {
        let (wire, channel) = self.operate().await?;
        let (mut letters, mut tags) = (Vec::new(), Vec::new());
        // Messages that arrive during the loop are not read.
        for _ in 0..Names::depth(&channel, &self.place.names.dead_letters).await? {
            let Some(taken) = self.take_dead(&channel).await? else { break };
            let letter = dead_letter(&taken);
            if is_wanted(&letter) {
                letters.push(letter);
                tags.push(taken.delivery_tag);
            }
            if letters.len() == most {
                break;
            }
        }
        Ok(Claimed { place: self.place.clone(), channel, letters, tags, wire })
    }

    /// Takes the next dead letter. No other client sees it unless the connection ends before it is
    /// acknowledged.
    async fn take_dead(&self, channel: &Channel) -> Result<Option<BasicGetMessage>, AmqpError> {
        let queue = self.place.names.dead_letters.clone();
        in_time("reading a dead letter", channel.basic_get(queue, BasicGetOptions { no_ack: false })).await
    }
}

#[async_trait]
impl DeadLetters for Amqp {
    async fn depth(&self) -> Result<Depth, SourceError> {
        let (wire, channel) = self.operate().await?;
        let names = &self.place.names;
        let depth = Depth {
            inbox: names.inbox.to_string(),
            waiting: Names::depth(&channel, &names.inbox).await?,
            dead_letters: names.dead_letters.to_string(),
            dead: Names::depth(&channel, &names.dead_letters).await?,
        };
        wire.close().await;
        Ok(depth)
    }

    async fn dead(&self, filter: &EventFilter) -> Result<Vec<DeadLetter>, SourceError> {
        let held = self.hold_those(filter.limit as usize, |letter| letter.matches(filter)).await?;
        // No dead letter was acknowledged, so all of them return to the queue.
        held.wire.close().await;
        Ok(held.letters)
    }

    async fn replay_all(&self) -> Result<u64, SourceError> {
        let (wire, channel) = self.operate().await?;
        in_time("enabling confirms", channel.confirm_select(ConfirmSelectOptions::default())).await?;
        let names = &self.place.names;
        // A message that is rejected again during the loop is not requeued a second time.
        let there = Names::depth(&channel, &names.dead_letters).await?;
        let mut brought = 0;
        for _ in 0..there {
            let Some(taken) = self.take_dead(&channel).await? else { break };
            // Published through the default exchange, directly to the inbox: other queues that are bound to
            // the events exchange already have the message. Without the broker's headers, its deliveries are
            // counted from zero.
            let (straight, inbox) = (ShortString::default(), names.inbox.clone());
            let mut properties = taken.properties.clone();
            if let Some(headers) = properties.headers().clone() {
                let kept = headers.inner().iter().filter(|(name, _)| !is_of_the_broker(name.as_str()));
                let kept = kept.map(|(name, value)| (name.clone(), value.clone()));
                properties =
                    properties.with_headers(kept.collect::<std::collections::BTreeMap<_, _>>().into());
            }
            let publishing = confirmed(&channel, &straight, inbox, &taken.data, properties);
            let published = timeout(PATIENCE, publishing).await;
            published.unwrap_or(Err(AmqpError::Silent(PATIENCE, "confirming")))?;
            in_time("acknowledging", taken.ack(BasicAckOptions::default())).await?;
            brought += 1;
        }
        wire.close().await;
        Ok(brought)
    }

    async fn hold(&self) -> Result<Box<dyn ClaimedDeadLetters>, SourceError> {
        Ok(Box::new(self.hold_those(usize::MAX, |_| true).await?))
    }
}

#[async_trait]
impl ClaimedDeadLetters for Claimed {
    fn letters(&self) -> &[DeadLetter] {
        &self.letters
    }

    async fn discard(self: Box<Self>, places: &[usize]) -> Result<(), SourceError> {
        for tag in places.iter().filter_map(|place| self.tags.get(*place)) {
            let this_one = BasicAckOptions { multiple: false };
            in_time("discarding a dead letter", self.channel.basic_ack(*tag, this_one)).await?;
        }
        // The broker does not confirm acknowledgements. Its answer to a later request on the same channel
        // shows that it has read them.
        Names::depth(&self.channel, &self.place.names.dead_letters).await?;
        self.wire.close().await;
        Ok(())
    }
}

fn is_of_the_broker(header: &str) -> bool {
    header == "x-death"
        || header == "x-delivery-count"
        || header.starts_with("x-first-death-")
        || header.starts_with("x-last-death-")
}

fn dead_letter(taken: &BasicGetMessage) -> DeadLetter {
    let event = message::event_id(&taken.data);
    let came_back = message::death(&taken.properties).as_deref() == Some("delivery_limit");
    let reason = match &event {
        Err(reason) => format!("{reason}; it starts with {:?}", message::beginning(&taken.data)),
        Ok(_) if came_back => "the message was delivered too often without an acknowledgement".to_owned(),
        Ok(_) => "the event of the message was not in the outbox".to_owned(),
    };
    let says = |member| message::says(&taken.data, member);
    DeadLetter {
        // Read without validation, so that a message that only another release understands has an id too.
        event_id: says("id").and_then(|id| id.parse().ok()),
        type_name: says("type"),
        subject: says("subject"),
        time: says("time"),
        // The last delivery is the one that exceeded the limit.
        attempts: came_back.then_some(DELIVERIES.unsigned_abs() + 1),
        reason,
    }
}
