use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use svc::api::server;
use svc::config::Sources;
use svc::container::{Builder, Container};
use svc::domain::Role;
use svc::ports::{Clock, PasswordHasher};
use svc::shutdown::{Shutdown, Tasks};
use svc::usecases::Registration;

use super::client::Client;
use super::clock::TestClock;
use super::{Backend, TestDatabase, given};

/// What every test's user types.
pub const PASSWORD: &str = "correct horse battery";

/// What every test's service is set to, unless the test says otherwise.
const SETTINGS: &[&str] = &[
    "database.max_connections=3",
    "database.acquire_timeout=20s",
    "database.statement_timeout=10s",
    "security.password.memory_kib=8",
    "security.password.iterations=1",
    "security.password.queue_wait=20s",
    "server.public_url=http://svc.test",
];

/// The service as `svc serve` runs it, on a port and a database of its own, in this process. Its clock stands
/// still until it is moved, and its passwords are cheap to hash.
pub struct App {
    /// Talks to it.
    pub client: Client,
    /// What it stands on, for what no client can see.
    pub container: Container,
    /// Where it keeps everything.
    pub database: Arc<TestDatabase>,
    /// What it tells the time by.
    pub clock: Arc<TestClock>,
    /// Tells it to stop.
    pub shutdown: Shutdown,
    tasks: Tasks,
}

/// Who is logged in: their tokens as the service gave them.
#[derive(Clone, Debug)]
pub struct Login {
    pub access: String,
    pub refresh: String,
}

impl App {
    /// The service on a new database.
    pub async fn start(backend: Backend) -> Self {
        Self::start_with(backend, &[], |builder| builder).await
    }

    /// The same, with settings as `KEY=VALUE` and with ports replaced.
    pub async fn start_with(
        backend: Backend,
        settings: &[&str],
        replace: impl FnOnce(Builder<'_>) -> Builder<'_>,
    ) -> Self {
        let database = Arc::new(backend.database().await);
        let url = database.url();
        Self::on(database, &url, Arc::new(TestClock::default()), settings, replace).await
    }

    /// The same with another hasher.
    pub async fn start_with_hasher(backend: Backend, hasher: Arc<dyn PasswordHasher>) -> Self {
        Self::start_with(backend, &[], |builder| builder.hasher(hasher)).await
    }

    /// The same on a database that is reached by a way of the test's own.
    pub async fn start_through(database: Arc<TestDatabase>, url: &str, settings: &[&str]) -> Self {
        Self::on(database, url, Arc::new(TestClock::default()), settings, |builder| builder).await
    }

    /// Another replica: on the same database, told by the same clock, with nothing else in common.
    pub async fn replica(&self) -> Self {
        let url = self.database.url();
        Self::on(self.database.clone(), &url, self.clock.clone(), &[], |builder| builder).await
    }

    /// Stops it and starts it again on the same database.
    pub async fn restart(self) -> Self {
        self.restart_with(&[]).await
    }

    /// The same with other settings.
    pub async fn restart_with(self, settings: &[&str]) -> Self {
        let (database, clock) = (self.database.clone(), self.clock.clone());
        self.stop().await;
        let url = database.url();
        Self::on(database, &url, clock, settings, |builder| builder).await
    }

    /// Stops it and waits until it has.
    pub async fn stop(self) {
        self.shutdown.begin(Duration::ZERO).await;
        let aborted = self.tasks.finish(Duration::from_secs(20)).await;
        assert_eq!(aborted, 0, "the service did not stop");
        self.container.close().await;
    }

    async fn on(
        database: Arc<TestDatabase>,
        url: &str,
        clock: Arc<TestClock>,
        settings: &[&str],
        replace: impl FnOnce(Builder<'_>) -> Builder<'_>,
    ) -> Self {
        let sources = Sources {
            folder: "/nonexistent".into(),
            environment: vec![
                ("SVC_DATABASE__URL".into(), url.into()),
                ("SVC_SECURITY__SECRET_KEY".into(), "0123456789abcdefghijklmnopqrstuvwxyz".into()),
            ],
            config: None,
            set: set(settings),
        };
        let loaded = sources.load().unwrap();
        let told = clock.clone() as Arc<dyn Clock>;
        let container = replace(Container::builder(&loaded.settings).clock(told)).build().unwrap();
        container.use_cases.prepare_signing_key.run().await.unwrap();

        let listener = server::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let client = Client::new(listener.local_addr().unwrap());
        let (shutdown, tasks) = (Shutdown::default(), Tasks::default());
        let endpoint = container.endpoint(shutdown.clone());
        tasks.spawn(server::run(listener, endpoint, container.limits(), shutdown.clone()));
        Self { client, container, database, clock, shutdown, tasks }
    }

    /// An address that no other test's user has.
    pub fn address() -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        format!("user{}@example.com", COUNT.fetch_add(1, Ordering::Relaxed))
    }

    /// Registers somebody and returns the user.
    pub async fn register(&self, email: &str) -> Value {
        let body = json!({ "email": email, "password": PASSWORD });
        self.client.post("/api/v1/auth/register", &body).await.expect(201)
    }

    /// Logs a registered user in.
    pub async fn log_in(&self, email: &str) -> Login {
        let body = json!({ "email": email, "password": PASSWORD });
        Login::of(&self.client.post("/api/v1/auth/login", &body).await.expect(200))
    }

    /// Registers somebody new and logs them in.
    pub async fn new_user(&self) -> (Value, Login) {
        let email = Self::address();
        (self.register(&email).await, self.log_in(&email).await)
    }

    /// Makes an administrator, as the command line does, and logs them in.
    pub async fn new_admin(&self) -> Login {
        let email = Self::address();
        let registration = Registration {
            role: Role::Admin,
            ..Registration::of_visitor(given::email(&email), given::new_password(PASSWORD), None)
        };
        self.container.use_cases.register_user.run(registration).await.unwrap();
        self.log_in(&email).await
    }

    /// The types of the events that tell of a user, in the order they happened.
    pub async fn events_of(&self, user: &Value) -> Vec<String> {
        let id = user["id"].as_str().unwrap().replace('-', "");
        let matches = match self.database.backend() {
            Backend::Sqlite => format!("lower(hex(subject)) = '{id}'"),
            Backend::Postgres => format!("subject = '{id}'"),
        };
        self.database.texts(&format!("SELECT type FROM outbox WHERE {matches} ORDER BY id")).await
    }
}

impl Login {
    /// The tokens in an answer.
    pub fn of(pair: &Value) -> Self {
        let text = |name: &str| pair[name].as_str().unwrap().to_owned();
        Self { access: text("access_token"), refresh: text("refresh_token") }
    }

    /// The user, as the access token names them.
    pub fn user_id(&self) -> String {
        super::client::claims(&self.access)["sub"].as_str().unwrap().to_owned()
    }

    /// The session, as the access token names it.
    pub fn session_id(&self) -> String {
        super::client::claims(&self.access)["sid"].as_str().unwrap().to_owned()
    }
}

/// Settings of the test's own, and those of [`SETTINGS`] that it does not name: none may be given twice.
fn set(own: &[&str]) -> Vec<String> {
    let key = |line: &str| line.split('=').next().map(str::to_owned);
    let others = SETTINGS.iter().filter(|line| own.iter().all(|own| key(own) != key(line)));
    others.chain(own).map(ToString::to_string).collect()
}
