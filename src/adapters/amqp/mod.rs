//! Events by way of RabbitMQ, AMQP 0-9-1 (3.10 or later).
//!
//! **Here**: [`Amqp`]; what is at the broker and what it is called (`topology`), one connection (`wire`), what goes out
//! (`publisher`), what comes in (`consumer`, `message`), and what an operator does about messages that nobody took
//! (`dead_letters`).
//!
//! **May use**: `ports`, `domain`, `cloud_events` and lapin.
//!
//! Publishing and consuming have a connection each: a broker that is short of memory takes nothing from a connection that
//! publishes, acknowledgements neither. Each is made anew as a whole when anything about it is wrong: an error, an end, a
//! silence. lapin's own recovery stays off. Every wait is bounded, since lapin's are not.

mod consumer;
mod dead_letters;
mod fault;
mod message;
mod publisher;
mod topology;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use lapin::uri::AMQPUri;
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use self::fault::Fault;
use self::publisher::Publisher;
use self::topology::Names;
use self::wire::Wire;
use crate::ports::events::{Intake, NotPublished, Source, SourceFault, StoredEvent, Transport};

/// How long one step may take: to connect, to log in, to declare a queue, to acknowledge.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where the broker is.
#[derive(Clone, Debug)]
pub struct AmqpSettings {
    /// `amqp://` or `amqps://`.
    pub url: SecretString,
    /// What the names of the exchange and of the queues begin with.
    pub namespace: String,
    /// Who tells of the events: where the service is reached.
    pub source: String,
}

/// The broker: a transport of events, the source that they come back from, and what an operator sees of it.
pub struct Amqp {
    place: Arc<Place>,
    publisher: Publisher,
}

/// Where the broker is and what everything there is called.
struct Place {
    uri: AMQPUri,
    names: Names,
}

impl Amqp {
    /// Connects to nothing yet. The text of a refusal holds no secret.
    pub fn new(settings: &AmqpSettings) -> Result<Self, String> {
        let text = settings.url.expose_secret();
        let mut uri = text.parse::<AMQPUri>().map_err(|_| "is not a URL of RabbitMQ".to_owned())?;
        // What is an address of IPv6 is nothing to the parser, which then takes this machine.
        if let Ok(Some(Host::Ipv6(address))) = Url::parse(text).as_ref().map(Url::host) {
            uri.authority.host = address.to_string();
        }
        // The standard takes the slash alone for a virtual host without a name, which nobody has.
        if uri.vhost.is_empty() {
            "/".clone_into(&mut uri.vhost);
        }
        uri.query.heartbeat = Some(wire::HEARTBEAT);
        let place = Arc::new(Place { uri, names: Names::new(&settings.namespace) });
        let publisher = Publisher::new(place.clone(), settings.source.clone());
        Ok(Self { place, publisher })
    }
}

#[async_trait]
impl Transport for Amqp {
    async fn keep_up(&self) {
        self.publisher.keep_up().await;
    }

    fn is_up(&self) -> bool {
        self.publisher.is_up()
    }

    async fn ready(&self) {
        self.publisher.ready().await;
    }

    async fn publish(&self, events: &[StoredEvent]) -> Vec<Result<(), NotPublished>> {
        self.publisher.publish(events).await
    }

    async fn close(&self) {
        self.publisher.close().await;
    }
}

#[async_trait]
impl Source for Amqp {
    async fn open(&self) -> Result<Box<dyn Intake>, SourceFault> {
        let intake = fault::opened(consumer::Consuming::begin(&self.place)).await?;
        Ok(Box::new(intake))
    }
}

impl From<Fault> for SourceFault {
    fn from(fault: Fault) -> Self {
        Self(fault.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_the_one_that_the_url_names() {
        for (url, place) in [
            ("amqp://broker", ("broker", 5672, "/")),
            ("amqps://u:p@127.0.0.1/svc", ("127.0.0.1", 5671, "svc")),
            ("amqp://[::1]:5673/", ("::1", 5673, "/")),
            ("amqp://u:p@[2001:db8::1]", ("2001:db8::1", 5672, "/")),
        ] {
            let settings = AmqpSettings { url: url.into(), namespace: "svc".into(), source: "svc".into() };
            let uri = &Amqp::new(&settings).unwrap().place.uri;
            assert_eq!((uri.authority.host.as_str(), uri.authority.port, uri.vhost.as_str()), place, "{url}");
        }
    }
}
