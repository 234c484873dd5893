use lapin::options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable, LongString, ShortString};
use lapin::{Channel, ExchangeKind, Queue};

use super::error::{AmqpError, in_time};

/// How often a message may be returned to the inbox queue before it becomes a dead letter. Each broken
/// connection costs the messages on it one delivery; an event that kills its handler is counted in the inbox.
pub(super) const DELIVERIES: i32 = 50;
/// The delivery limit of the queue of dead letters: each read counts, and dead letters must stay.
const LOOKS: i32 = 1_000_000;

/// Each exchange and queue that is declared, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Object {
    DeadExchange,
    DeadLetters,
    Exchange,
    Inbox,
}

impl Object {
    pub const ALL: [Self; 4] = [Self::DeadExchange, Self::DeadLetters, Self::Exchange, Self::Inbox];

    /// What the broker calls it. An exchange and a queue may have the same name.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::DeadExchange | Self::Exchange => "exchange",
            Self::DeadLetters | Self::Inbox => "queue",
        }
    }
}

/// The names of the exchanges and queues. No other module knows how they are formed.
pub(in crate::adapters::events) struct Names {
    /// The topic exchange that events are published to. Other services bind their queues to it.
    pub exchange: ShortString,
    /// The queue of this service.
    pub inbox: ShortString,
    /// The exchange that dead letters pass through.
    pub dead_exchange: ShortString,
    /// The queue of dead letters.
    pub dead_letters: ShortString,
}

impl Names {
    pub fn new(namespace: &str) -> Self {
        let name = |rest: &str| ShortString::from(format!("{namespace}.{rest}"));
        Self {
            exchange: name("events"),
            inbox: name("inbox"),
            dead_exchange: name("inbox.dead"),
            dead_letters: name("inbox.dead"),
        }
    }

    /// Returns the routing key of an event type: the type without the prefix `svc.` and without the version.
    pub fn routing_key(type_name: &str) -> ShortString {
        let key = type_name.strip_prefix("svc.").unwrap_or(type_name);
        let key = match key.rsplit_once(".v") {
            Some((key, version)) if version.bytes().all(|byte| byte.is_ascii_digit()) => key,
            _ => key,
        };
        // AMQP stores the length of a short string in one byte.
        ShortString::from(&key[..key.floor_char_boundary(255)])
    }

    /// Declares the exchanges, queues and bindings. One that exists with the same properties is left
    /// unchanged; one with other properties is an error. Everything is durable, and uses only arguments that
    /// RabbitMQ 3.10 knows and RabbitMQ 4 accepts.
    pub(super) async fn declare(&self, channel: &Channel) -> Result<(), AmqpError> {
        for object in Object::ALL {
            self.declare_object(channel, object).await?;
        }
        self.bind(channel, &self.dead_letters, &self.dead_exchange, "").await?;
        self.bind(channel, &self.inbox, &self.exchange, "#").await
    }

    /// Returns the name of an exchange or a queue.
    pub(super) const fn of(&self, object: Object) -> &ShortString {
        match object {
            Object::DeadExchange => &self.dead_exchange,
            Object::DeadLetters => &self.dead_letters,
            Object::Exchange => &self.exchange,
            Object::Inbox => &self.inbox,
        }
    }

    /// Declares one exchange or queue.
    pub(super) async fn declare_object(&self, channel: &Channel, object: Object) -> Result<(), AmqpError> {
        let name = self.of(object);
        match object {
            Object::DeadExchange => self.declare_exchange(channel, name, ExchangeKind::Fanout).await,
            Object::Exchange => self.declare_exchange(channel, name, ExchangeKind::Topic).await,
            Object::DeadLetters => {
                let arguments = [("x-delivery-limit", AMQPValue::LongInt(LOOKS))];
                self.declare_queue(channel, name, &arguments).await.map(drop)
            }
            Object::Inbox => self.declare_inbox(channel).await,
        }
    }

    /// Whether an exchange or a queue of this name exists, with whatever properties. If it does not, the
    /// broker closes the channel.
    pub(super) async fn exists(&self, channel: &Channel, object: Object) -> Result<bool, AmqpError> {
        let (name, none) = (self.of(object).clone(), FieldTable::default());
        let found = match object {
            Object::DeadExchange | Object::Exchange => {
                let options = ExchangeDeclareOptions { passive: true, ..ExchangeDeclareOptions::default() };
                let asking = channel.exchange_declare(name, ExchangeKind::Topic, options, none);
                in_time("checking an exchange", asking).await
            }
            Object::DeadLetters | Object::Inbox => Self::depth(channel, &name).await.map(drop),
        };
        match found {
            Ok(()) => Ok(true),
            Err(AmqpError::Missing(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn declare_inbox(&self, channel: &Channel) -> Result<(), AmqpError> {
        let text = |text: &str| AMQPValue::LongString(LongString::from(text));
        let arguments = [
            ("x-delivery-limit", AMQPValue::LongInt(DELIVERIES)),
            ("x-dead-letter-exchange", text(self.dead_exchange.as_str())),
            // A dead letter is kept until the other queue has it. This strategy requires `reject-publish`.
            ("x-dead-letter-strategy", text("at-least-once")),
            ("x-overflow", text("reject-publish")),
            // One worker consumes at a time, so that the events of a user arrive in order.
            ("x-single-active-consumer", AMQPValue::Boolean(true)),
        ];
        self.declare_queue(channel, &self.inbox, &arguments).await.map(drop)
    }

    /// Returns the number of messages that wait in a queue. The queue must exist.
    pub(super) async fn depth(channel: &Channel, queue: &ShortString) -> Result<u32, AmqpError> {
        let options = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
        let asking = channel.queue_declare(queue.clone(), options, FieldTable::default());
        Ok(in_time("checking a queue", asking).await?.message_count())
    }

    async fn declare_exchange(
        &self,
        channel: &Channel,
        name: &ShortString,
        kind: ExchangeKind,
    ) -> Result<(), AmqpError> {
        let options = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
        let declaring = channel.exchange_declare(name.clone(), kind, options, FieldTable::default());
        in_time("declaring an exchange", declaring).await
    }

    async fn declare_queue(
        &self,
        channel: &Channel,
        name: &ShortString,
        more: &[(&str, AMQPValue)],
    ) -> Result<Queue, AmqpError> {
        let mut arguments = FieldTable::default();
        arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
        for (argument, value) in more {
            arguments.insert((*argument).into(), value.clone());
        }
        let options = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
        in_time("declaring a queue", channel.queue_declare(name.clone(), options, arguments)).await
    }

    async fn bind(
        &self,
        channel: &Channel,
        queue: &ShortString,
        exchange: &ShortString,
        key: &str,
    ) -> Result<(), AmqpError> {
        let options = QueueBindOptions::default();
        let binding =
            channel.queue_bind(queue.clone(), exchange.clone(), key.into(), options, FieldTable::default());
        in_time("binding a queue", binding).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_routing_key_is_the_type_without_svc_and_version() {
        for (type_name, key) in [
            ("svc.user.registered.v1", "user.registered"),
            ("svc.session.reuse_detected.v12", "session.reuse_detected"),
            ("svc.user.verified", "user.verified"),
            ("weather", "weather"),
        ] {
            assert_eq!(Names::routing_key(type_name).as_str(), key);
        }
        assert_eq!(Names::routing_key(&"ü".repeat(200)).as_str().len(), 254);
    }
}
