mod again;
mod login;
mod queued;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use svc::api::server;
use svc::config::Sources;
use svc::container::Container;
use svc::container::builder::Builder;
use svc::domain::{Actor, Role};
use svc::ports::{Clock, PasswordHasher, SharedCache};
use svc::tasks::{Shutdown, Tasks};
use svc::usecases::{Credential, NewUser};

pub use self::login::Login;
use super::client::Client;
use super::clock::TestClock;
use super::mailbox::Mailbox;
use super::process::until;
use super::redis::{self, Namespace};
use super::settings_of_tests::set;
use super::{Backend, TestDatabase, environment, given, rabbit};

/// The password of every test's user.
pub const PASSWORD: &str = "correct horse battery";

/// The settings of every test's service, unless the test overrides them.
const SETTINGS: &[&str] = &[
    "database.max_connections=3",
    "database.acquire_timeout=5m",
    "database.statement_timeout=5m",
    "limits.request_timeout=5m",
    // Tests of the limits turn them on.
    "limits.enabled=false",
    "security.password.memory_kib=8",
    "security.password.iterations=1",
    "security.password.queue_wait=5m",
    "server.public_url=http://svc.test",
    "cache.timeout=10s",
];

/// The service as `svc serve` runs it, in this process, on its own port and database. Its clock stands still
/// until a test moves it, and its passwords are cheap to hash.
pub struct App {
    /// Sends requests to it.
    pub client: Client,
    /// Its parts, for checks that no client can make.
    pub container: Container,
    pub database: Arc<TestDatabase>,
    /// The namespace of its cache in Redis; `None` on the embedded database, whose cache is in process.
    pub namespace: Option<Arc<Namespace>>,
    /// Its namespace at the broker, if its events are published.
    pub broker: Option<Arc<rabbit::Namespace>>,
    pub clock: Arc<TestClock>,
    /// The folder that its mails are written to.
    pub mailbox: Arc<Mailbox>,
    /// Stops it.
    pub shutdown: Shutdown,
    tasks: Tasks,
}

/// The parts that replicas of one service share.
struct Ground {
    database: Arc<TestDatabase>,
    namespace: Option<Arc<Namespace>>,
    broker: Option<(Arc<rabbit::Namespace>, String)>,
    clock: Arc<TestClock>,
    mailbox: Arc<Mailbox>,
}

impl App {
    /// Starts the service on a new database.
    pub async fn start(backend: Backend) -> Self {
        Self::start_with(backend, &[], |builder| builder).await
    }

    /// Starts the service with settings as `KEY=VALUE` and with ports replaced.
    pub async fn start_with(
        backend: Backend,
        settings: &[&str],
        replace: impl FnOnce(Builder<'_>) -> Builder<'_>,
    ) -> Self {
        let app = Self::start_bare_with(backend, settings, replace).await;
        app.container.start();
        app
    }

    /// Starts the service on PostgreSQL, with its cache in this namespace of Redis.
    pub async fn start_named(
        namespace: Namespace,
        settings: &[&str],
        replace: impl FnOnce(Builder<'_>) -> Builder<'_>,
    ) -> Self {
        let database = Arc::new(Backend::Postgres.database().await);
        let url = database.url();
        let namespace = Some(namespace.into());
        let ground =
            Ground { database, namespace, broker: None, clock: Arc::default(), mailbox: Arc::default() };
        Self::on(ground, &url, settings, replace).await
    }

    /// Starts the service with another hasher.
    pub async fn start_with_hasher(backend: Backend, hasher: Arc<dyn PasswordHasher>) -> Self {
        Self::start_with(backend, &[], |builder| builder.hasher(hasher)).await
    }

    /// Starts the service on a database that it reaches by this URL.
    pub async fn start_through(database: Arc<TestDatabase>, url: &str, settings: &[&str]) -> Self {
        Self::on(Ground::new(database).await, url, settings, |builder| builder).await
    }

    /// Starts the service without background tasks: only requests use the connections behind this URL.
    pub async fn start_bare_through(database: Arc<TestDatabase>, url: &str, settings: &[&str]) -> Self {
        Self::bare_on(Ground::new(database).await, url, settings, |builder| builder).await
    }

    /// Starts the service without background tasks, with settings and with ports replaced.
    pub async fn start_bare_with(
        backend: Backend,
        settings: &[&str],
        replace: impl FnOnce(Builder<'_>) -> Builder<'_>,
    ) -> Self {
        let ground = Ground::new(backend.database().await.into()).await;
        let url = ground.database.url();
        Self::bare_on(ground, &url, settings, replace).await
    }

    /// Starts another replica without background tasks, with ports replaced.
    pub async fn bare_replica_with(&self, replace: impl FnOnce(Builder<'_>) -> Builder<'_>) -> Self {
        Self::bare_on(self.ground(), &self.database.url(), &[], replace).await
    }

    /// Starts another replica: with the same database, cache and clock, and nothing else in common.
    pub async fn replica(&self) -> Self {
        self.replica_with(&[], |builder| builder).await
    }

    /// Starts another replica with its own settings and ports.
    pub async fn replica_with(
        &self,
        settings: &[&str],
        replace: impl FnOnce(Builder<'_>) -> Builder<'_>,
    ) -> Self {
        let url = self.database.url();
        Self::on(self.ground(), &url, settings, replace).await
    }

    /// Waits until its cache is available.
    pub async fn cached(self) -> Self {
        until(async || self.container.cache().shared().is_none_or(|shared| shared == SharedCache::Used))
            .await;
        self
    }

    /// Stops it and waits until it has stopped.
    pub async fn stop(self) {
        self.shutdown.begin(Duration::ZERO).await;
        let aborted = self.tasks.finish(Duration::from_mins(2)).await;
        assert_eq!(aborted, 0, "the service did not stop");
        self.container.close().await;
    }

    fn ground(&self) -> Ground {
        let Self { database, namespace, broker, clock, mailbox, .. } = self;
        Ground {
            database: database.clone(),
            namespace: namespace.clone(),
            broker: broker.clone().map(|broker| (broker.clone(), broker.url.clone())),
            clock: clock.clone(),
            mailbox: mailbox.clone(),
        }
    }

    async fn on(
        ground: Ground,
        url: &str,
        settings: &[&str],
        replace: impl FnOnce(Builder<'_>) -> Builder<'_>,
    ) -> Self {
        let app = Self::bare_on(ground, url, settings, replace).await;
        app.container.start();
        app
    }

    async fn bare_on(
        ground: Ground,
        url: &str,
        settings: &[&str],
        replace: impl FnOnce(Builder<'_>) -> Builder<'_>,
    ) -> Self {
        let container = ground.container(url, settings, replace);
        let Ground { database, namespace, broker, clock, mailbox } = ground;
        container.use_cases.keys.prepare.run().await.unwrap();
        container.load_bans().await.unwrap();

        let listener = server::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let client = Client::new(listener.local_addr().unwrap());
        let (shutdown, tasks) = (Shutdown::default(), Tasks::default());
        let endpoint = container.endpoint(shutdown.clone()).unwrap();
        tasks.spawn(server::run(listener, endpoint, container.limits(), shutdown.clone()));
        let broker = broker.map(|it| it.0);
        Self { client, container, database, namespace, broker, clock, mailbox, shutdown, tasks }
    }

    /// Returns an email address that no other test's user has.
    pub fn address() -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        format!("user{}@example.com", COUNT.fetch_add(1, Ordering::Relaxed))
    }

    /// Registers a user and returns it.
    pub async fn register(&self, email: &str) -> Value {
        let body = json!({ "email": email, "password": PASSWORD });
        self.client.post("/api/v1/auth/register", &body).await.expect(201)
    }

    /// Logs a registered user in.
    pub async fn log_in(&self, email: &str) -> Login {
        let body = json!({ "email": email, "password": PASSWORD });
        Login::of(&self.client.post("/api/v1/auth/login", &body).await.expect(200))
    }

    /// Registers a new user and logs in.
    pub async fn new_user(&self) -> (Value, Login) {
        let email = Self::address();
        (self.register(&email).await, self.log_in(&email).await)
    }

    /// Makes an administrator, as the command line does, and logs in.
    pub async fn new_admin(&self) -> Login {
        let email = Self::address();
        let credential = Credential::Password(given::new_password(PASSWORD));
        let new = NewUser { role: Role::Admin, ..NewUser::new(given::email(&email)) };
        self.container.use_cases.users.create.run(new, credential, Actor::Service).await.unwrap();
        self.log_in(&email).await
    }

    /// Returns the types of the events of a user, in order.
    pub async fn events_of(&self, user: &Value) -> Vec<String> {
        let id = user["id"].as_str().unwrap().replace('-', "");
        let matches = match self.database.backend() {
            Backend::Sqlite => format!("lower(hex(subject)) = '{id}'"),
            Backend::Postgres => format!("subject = '{id}'"),
        };
        self.database.texts(&format!("SELECT type FROM outbox WHERE {matches} ORDER BY id")).await
    }
}

impl Ground {
    /// Uses a cache in Redis if the database is a server too.
    async fn new(database: Arc<TestDatabase>) -> Self {
        let namespace = match (database.backend(), redis::look().await) {
            (Backend::Sqlite, _) => None,
            (Backend::Postgres, Ok(())) => Some(Arc::new(Namespace::shared())),
            (Backend::Postgres, Err(missing)) => {
                environment::lessen(missing);
                None
            }
        };
        Self { database, namespace, broker: None, clock: Arc::default(), mailbox: Arc::default() }
    }

    fn container(
        &self,
        url: &str,
        settings: &[&str],
        replace: impl FnOnce(Builder<'_>) -> Builder<'_>,
    ) -> Container {
        let sources = Sources {
            folder: "/nonexistent".into(),
            environment: self.environment(url),
            config: None,
            set: set(settings, &self.settings()),
        };
        let loaded = sources.load().unwrap();
        let clock = self.clock.clone() as Arc<dyn Clock>;
        // The clock stands still, so a request for a mail is due at once or never.
        replace(Container::builder(&loaded.settings).clock(clock).mail_pause(Duration::ZERO)).build().unwrap()
    }

    fn settings(&self) -> Vec<String> {
        let own = self.namespace.iter().flat_map(|namespace| {
            let Namespace { redis, name } = &**namespace;
            [format!("cache.url={}", redis.url), format!("cache.namespace={name}")]
        });
        let mail = [format!("mail.url=dir:{}", self.mailbox.path().display())];
        own.chain(mail).chain(SETTINGS.iter().map(ToString::to_string)).collect()
    }
}
