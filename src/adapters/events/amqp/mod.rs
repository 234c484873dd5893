//! Events by way of RabbitMQ, AMQP 0-9-1 (3.10 or later).
//!
//! **Here**: [`Amqp`]; what is at the broker and what it is called (`topology`), one connection (`wire`),
//! whether the broker answers on it (`pulse`), what goes out
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
mod error;
mod message;
mod publisher;
mod pulse;
mod topology;
mod wire;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use lapin::uri::{AMQPAuthority, AMQPQueryString, AMQPScheme, AMQPUri, AMQPUserInfo};
use secrecy::{ExposeSecret, SecretString};

use self::error::AmqpError;
use self::publisher::Publisher;
use self::topology::Names;
use self::wire::Wire;
use crate::adapters::system::random;
use crate::ports::events::{Intake, NotPublished, Source, SourceError, StoredEvent, Transport};

/// How long one step may take: to connect, to log in, to declare a queue, to acknowledge.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long one node of several may take until it has let the service in. Another one is tried then.
const NODE_PATIENCE: Duration = Duration::from_millis(1500);

/// Where the broker is.
#[derive(Clone, Debug)]
pub struct AmqpSettings {
    /// The nodes, of which each has all that the service uses there. At least one.
    pub nodes: Vec<(String, u16)>,
    /// Whether every connection is by TLS.
    pub is_encrypted: bool,
    /// Who logs in.
    pub user: String,
    /// And what only they know.
    pub password: SecretString,
    /// Where all of it is.
    pub vhost: String,
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
    nodes: Vec<AMQPUri>,
    /// The node to connect to.
    current: AtomicUsize,
    names: Names,
}

impl Place {
    fn new(settings: &AmqpSettings) -> Self {
        let node = |(host, port): &(String, u16)| AMQPUri {
            scheme: if settings.is_encrypted { AMQPScheme::AMQPS } else { AMQPScheme::AMQP },
            authority: AMQPAuthority {
                userinfo: AMQPUserInfo {
                    username: settings.user.clone(),
                    password: settings.password.expose_secret().to_owned(),
                },
                host: host.clone(),
                port: *port,
            },
            vhost: settings.vhost.clone(),
            query: AMQPQueryString { heartbeat: Some(wire::HEARTBEAT), ..AMQPQueryString::default() },
        };
        let nodes: Vec<_> = settings.nodes.iter().map(node).collect();
        // So that the connections of many processes are spread over the nodes.
        let first = usize::from(random::<1>()[0]) % nodes.len();
        Self { nodes, current: AtomicUsize::new(first), names: Names::new(&settings.namespace) }
    }

    /// The node to connect to, and how long it may take.
    fn node(&self) -> (usize, &AMQPUri, Duration) {
        let node = self.current.load(Ordering::Relaxed);
        (node, &self.nodes[node], if self.nodes.len() > 1 { NODE_PATIENCE } else { PATIENCE })
    }

    /// Has the next connection be made to another node. Of several that leave one node, the first decides.
    fn leave(&self, node: usize) {
        let next = (node + 1) % self.nodes.len();
        let _ = self.current.compare_exchange(node, next, Ordering::Relaxed, Ordering::Relaxed);
    }
}

impl Amqp {
    /// Connects to nothing yet.
    #[must_use]
    pub fn new(settings: &AmqpSettings) -> Self {
        let place = Arc::new(Place::new(settings));
        let publisher = Publisher::new(place.clone(), settings.source.clone());
        Self { place, publisher }
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
    async fn open(&self) -> Result<Box<dyn Intake>, SourceError> {
        let intake = error::opened(consumer::Consuming::begin(&self.place)).await?;
        Ok(Box::new(intake))
    }
}

impl From<AmqpError> for SourceError {
    fn from(fault: AmqpError) -> Self {
        Self(fault.to_string())
    }
}
