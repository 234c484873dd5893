//! Events over RabbitMQ, AMQP 0-9-1 (3.10 or later).
//!
//! **Here**: [`Amqp`]; the exchanges and queues with their names (`topology`), one connection (`wire`), the
//! check that the broker answers on it (`pulse`), publishing (`publisher`), consuming (`consumer`,
//! `message`), what an operator does about dead letters (`dead_letters`), and what
//! `svc doctor` measures (`inspect`).
//!
//! **May use**: `ports`, `domain`, `cloud_events` and lapin.
//!
//! Publishing and consuming have separate connections: a broker that is short of memory reads nothing from a
//! connection that publishes, not even acknowledgements. After an error, a close or a missing answer, the
//! whole connection is replaced. lapin's own recovery stays off. Every wait has a limit here, because lapin's
//! waits have none.

mod consumer;
mod dead_letters;
mod error;
mod inspect;
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

/// How long one step may take, such as connecting, logging in, declaring a queue or acknowledging.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long connecting and logging in to one of several nodes may take. After that, another node is tried.
const NODE_PATIENCE: Duration = Duration::from_millis(1500);

/// The address of the broker, the credentials, and the names used there.
#[derive(Clone, Debug)]
pub struct AmqpSettings {
    /// The nodes of the broker, at least one. Each has every exchange and queue that the service uses.
    pub nodes: Vec<(String, u16)>,
    /// Whether connections use TLS.
    pub is_encrypted: bool,
    /// The broker's user that the service logs in as.
    pub user: String,
    /// The password of that user.
    pub password: SecretString,
    /// The virtual host of the exchanges and queues.
    pub vhost: String,
    /// The prefix of the names of the exchanges and queues.
    pub namespace: String,
    /// The `source` of published CloudEvents: the URL at which the service is reached.
    pub source: String,
}

/// The broker. Events are published to it and consumed from it, and an operator reads its dead letters.
pub struct Amqp {
    place: Arc<Place>,
    publisher: Publisher,
}

/// The nodes of the broker, and the names of everything there.
struct Place {
    nodes: Vec<AMQPUri>,
    /// The index of the node to connect to.
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
        // A random first node spreads the connections of many processes over the nodes.
        let first = usize::from(random::<1>()[0]) % nodes.len();
        Self { nodes, current: AtomicUsize::new(first), names: Names::new(&settings.namespace) }
    }

    /// Returns the node to connect to, and how long connecting may take.
    fn node(&self) -> (usize, &AMQPUri, Duration) {
        let node = self.current.load(Ordering::Relaxed);
        (node, &self.nodes[node], if self.nodes.len() > 1 { NODE_PATIENCE } else { PATIENCE })
    }

    /// Makes the next connection use another node. When several connections leave one node, the first
    /// decides.
    fn leave(&self, node: usize) {
        let next = (node + 1) % self.nodes.len();
        let _ = self.current.compare_exchange(node, next, Ordering::Relaxed, Ordering::Relaxed);
    }
}

impl Amqp {
    /// Creates the adapter without connecting.
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
