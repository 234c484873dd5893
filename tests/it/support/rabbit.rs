//! RabbitMQ: the broker that all tests share, where each has its own names, and virtual hosts for tests in
//! which `rabbitmqctl` changes a whole virtual host.

use std::process::Command;
use std::time::Duration;

use lapin::message::BasicGetMessage;
use lapin::options::{
    BasicConsumeOptions, BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions, ExchangeDeleteOptions,
    QueueBindOptions, QueueDeclareOptions, QueueDeleteOptions,
};
use lapin::types::FieldTable;
use lapin::uri::AMQPUri;
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties, Consumer};
use tokio::sync::OnceCell;
use url::Url;

use super::process::Installation;
use super::{Backend, database, environment, given};

/// Longer than any operation takes on a slow machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// The prefix of the names of a test's exchange and queues. They are removed when the value is dropped.
pub struct Namespace {
    /// The value for `queue.url`.
    pub url: String,
    /// The value for `queue.namespace`.
    pub name: String,
    /// The virtual host, if it belongs to the test.
    vhost: Option<String>,
}

/// A connection to the broker that bypasses the service.
pub struct Admin {
    pub channel: Channel,
    connection: Connection,
}

/// Looks for the broker, once per process. The error names what is missing, without the URL's password.
pub async fn look() -> Result<(), &'static str> {
    static FOUND: OnceCell<Result<(), String>> = OnceCell::const_new();
    let look = async || {
        let url = Url::parse(&server()).unwrap();
        let place = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5672));
        match tokio::time::timeout(PATIENCE, Connection::connect(&server(), properties())).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(why)) => Err(format!("no RabbitMQ at {place} ({why})")),
            Err(_) => Err(format!("no RabbitMQ at {place} (no answer)")),
        }
    };
    FOUND.get_or_init(look).await.as_ref().copied().map_err(String::as_str)
}

/// Runs a test on PostgreSQL and RabbitMQ, or skips it if one of them is missing.
pub fn run<F: Future<Output = ()>>(test: impl FnOnce(Namespace) -> F) {
    database::run(Backend::Postgres, async |_| match look().await {
        Ok(()) => test(Namespace::shared()).await,
        Err(missing) => environment::skip(missing),
    });
}

/// Runs a test on PostgreSQL and in its own virtual host of RabbitMQ, or skips it.
pub fn run_alone<F: Future<Output = ()>>(test: impl FnOnce(Namespace) -> F) {
    database::run(Backend::Postgres, async |_| match (look().await, Namespace::alone()) {
        (Err(missing), _) => environment::skip(missing),
        (_, None) => environment::skip("no rabbitmqctl (SVC_TEST_RABBITMQCTL) that may command the broker"),
        (_, Some(namespace)) => test(namespace).await,
    });
}

/// Runs `rabbitmqctl`. Returns whether it succeeded.
pub fn control(arguments: &[&str]) -> bool {
    ask(arguments).is_some()
}

/// Runs `rabbitmqctl`. Returns its output if it succeeded.
pub fn ask(arguments: &[&str]) -> Option<String> {
    let program = environment::variable("SVC_TEST_RABBITMQCTL");
    let program = program.as_deref().unwrap_or("rabbitmqctl");
    let done = Command::new(program).arg("-q").args(arguments).output().ok()?;
    done.status.success().then(|| String::from_utf8_lossy(&done.stdout).trim().to_owned())
}

impl Namespace {
    /// Makes a namespace on the broker of all tests.
    pub fn shared() -> Self {
        Self { url: server(), name: given::namespace(), vhost: None }
    }

    fn alone() -> Option<Self> {
        let (name, mut url) = (given::namespace(), Url::parse(&server()).unwrap());
        url.set_path(&name);
        let namespace = Self { url: url.into(), vhost: Some(name.clone()), name };
        let made = control(&["add_vhost", &namespace.name]) && namespace.permit();
        made.then_some(namespace)
    }

    /// Returns the virtual host of the test.
    pub fn vhost(&self) -> &str {
        self.vhost.as_deref().unwrap()
    }

    /// Grants the user all permissions in the virtual host.
    pub fn permit(&self) -> bool {
        control(&["set_permissions", "-p", self.vhost(), &self.user(), ".*", ".*", ".*"])
    }

    /// Revokes the permissions.
    pub fn forbid(&self) -> bool {
        control(&["clear_permissions", "-p", self.vhost(), &self.user()])
    }

    /// Takes all permissions except that to read.
    pub fn only_reads(&self) -> bool {
        control(&["set_permissions", "-p", self.vhost(), &self.user(), "^$", "^$", ".*"])
    }

    fn user(&self) -> String {
        self.url.parse::<AMQPUri>().unwrap().authority.userinfo.username
    }

    /// Returns the variables of the service that select it, with this URL.
    pub fn variables(&self, url: &str) -> [(&'static str, String); 2] {
        [("SVC_QUEUE__URL", url.to_owned()), ("SVC_QUEUE__NAMESPACE", self.name.clone())]
    }

    /// Sets up an installation whose events are published to it.
    pub fn carries_for(&self, installation: Installation) -> Installation {
        let variables = self.variables(&self.url);
        variables.iter().fold(installation, |installation, (name, value)| installation.set(name, value))
    }

    pub fn exchange(&self) -> String {
        format!("{}.events", self.name)
    }

    pub fn inbox(&self) -> String {
        format!("{}.inbox", self.name)
    }

    pub fn dead_letters(&self) -> String {
        format!("{}.inbox.dead", self.name)
    }

    /// Opens a connection that bypasses the service, with a channel in confirm mode.
    pub async fn admin(&self) -> Admin {
        let connection = Connection::connect(&self.url, properties()).await.unwrap();
        let channel = connection.create_channel().await.unwrap();
        channel.confirm_select(ConfirmSelectOptions::default()).await.unwrap();
        Admin { channel, connection }
    }

    /// Removes everything. After an error the names are left to the operator of the broker.
    async fn remove(&self) -> lapin::Result<()> {
        let connection = Connection::connect(&self.url, properties()).await?;
        let channel = connection.create_channel().await?;
        for queue in [self.inbox(), self.dead_letters()] {
            channel.queue_delete(queue.into(), QueueDeleteOptions::default()).await?;
        }
        for exchange in [self.exchange(), self.dead_letters()] {
            channel.exchange_delete(exchange.into(), ExchangeDeleteOptions::default()).await?;
        }
        Ok(())
    }
}

impl Drop for Namespace {
    /// On its own thread, because the test's runtime may be ending.
    fn drop(&mut self) {
        if let Some(vhost) = &self.vhost {
            control(&["delete_vhost", vhost]);
            return;
        }
        std::thread::scope(|threads| {
            let removing = threads.spawn(|| {
                let runtime =
                    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
                runtime
                    .unwrap()
                    .block_on(async { tokio::time::timeout(PATIENCE, self.remove()).await.map(drop) })
            });
            // A panic in here would hide that of the test.
            let _ = removing.join();
        });
    }
}

impl Admin {
    /// Consumes on a new channel. When it is closed, unacknowledged messages return to the queue.
    pub async fn consume(&self, queue: &str) -> (Channel, Consumer) {
        let channel = self.connection.create_channel().await.unwrap();
        let (name, options) = (queue.into(), BasicConsumeOptions::default());
        let consumer = channel.basic_consume(name, "".into(), options, FieldTable::default()).await.unwrap();
        (channel, consumer)
    }

    pub async fn publish(&self, exchange: &str, key: &str, body: &str) {
        let options = BasicPublishOptions::default();
        let properties = BasicProperties::default().with_delivery_mode(2);
        let sent =
            self.channel.basic_publish(exchange.into(), key.into(), options, body.as_bytes(), properties);
        assert!(sent.await.unwrap().await.unwrap().is_ack());
    }

    /// Declares a queue of another service, bound to an exchange.
    pub async fn bind(&self, exchange: &str, key: &str) -> String {
        let options = QueueDeclareOptions { exclusive: true, ..QueueDeclareOptions::default() };
        let queue = self.channel.queue_declare("".into(), options, FieldTable::default()).await.unwrap();
        let (name, options) = (queue.name().clone(), QueueBindOptions::default());
        let binding = self.channel.queue_bind(
            name.clone(),
            exchange.into(),
            key.into(),
            options,
            FieldTable::default(),
        );
        binding.await.unwrap();
        name.to_string()
    }

    /// Takes the next message of a queue.
    pub async fn get(&self, queue: &str) -> Option<BasicGetMessage> {
        self.channel.basic_get(queue.into(), BasicGetOptions { no_ack: true }).await.unwrap()
    }

    /// Returns how many messages wait in a queue.
    pub async fn depth(&self, queue: &str) -> u32 {
        let options = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
        self.channel
            .queue_declare(queue.into(), options, FieldTable::default())
            .await
            .unwrap()
            .message_count()
    }

    pub async fn delete_queue(&self, queue: &str) {
        self.channel.queue_delete(queue.into(), QueueDeleteOptions::default()).await.unwrap();
    }

    pub async fn delete_exchange(&self, exchange: &str) {
        self.channel.exchange_delete(exchange.into(), ExchangeDeleteOptions::default()).await.unwrap();
    }

    pub async fn unbind(&self, queue: &str, exchange: &str) {
        let unbinding =
            self.channel.queue_unbind(queue.into(), exchange.into(), "#".into(), FieldTable::default());
        unbinding.await.unwrap();
    }
}

fn properties() -> ConnectionProperties {
    ConnectionProperties::default().with_connection_name("svc tests".into())
}

/// Returns the URL of the broker of all tests.
pub fn server() -> String {
    environment::variable("SVC_TEST_AMQP_URL")
        .unwrap_or_else(|| "amqp://guest:guest@127.0.0.1:5672".to_owned())
}
