//! The only place that knows every adapter: it builds those that the settings name and connects them to the
//! use cases.

mod access;
mod background;
mod bans;
mod broker;
pub mod builder;
mod cache;
mod census;
mod database;
mod doctor;
pub mod document;
pub mod error;
mod fail_points;
mod mail;
mod memory;
mod metrics;
pub mod missing;
mod rate_limiter;
mod seal;
mod secret_key;
mod texts;
mod traces;
mod undelivered;
mod use_case_settings;
mod work;

use std::sync::Arc;
use std::time::Duration;

use poem::endpoint::BoxEndpoint;

use self::document::document_settings;
use self::error::BuildError;
use self::texts::Texts;
use self::traces::Traces;
use crate::adapters::ban_list::LiveBans;
use crate::adapters::cache::TieredCache;
use crate::adapters::cache::redis::RedisClient;
use crate::adapters::events::amqp::Amqp;
use crate::adapters::mail::SmtpMailer;
use crate::adapters::sqlx::SqlxStore;
use crate::adapters::tokens::jwt::JwtAccessTokens;
use crate::api::budget::Budget;
use crate::api::middleware::Middleware;
use crate::api::server::Limits;
use crate::api::{self, Cookies, ServerDescription, ServerFacts, WebOrigins};
use crate::config::{DatabaseUrl, LimitSettings, Settings};
use crate::domain::Timestamp;
use crate::ports::inspection::Introductions;
use crate::ports::{Migration, Migrations, StoreError};
use crate::tasks::{Shutdown, Tasks};
use crate::telemetry::metrics::Metrics;
use crate::usecases::{Failure, Ports, UseCases};
use crate::worker::FailPoints;
use crate::worker::handlers::Handler;

/// How long background tasks may take to end.
const FINISH: Duration = Duration::from_secs(2);
/// How long a client may keep an idle connection.
const IDLE: Duration = Duration::from_secs(75);
/// How long a client may read nothing of a pending response.
const STALL: Duration = Duration::from_secs(10);
/// The maximum duration of a stop, including draining: less than the 30 seconds that orchestrators allow.
const STOP: Duration = Duration::from_secs(25);

/// The service, ready to be served or operated.
pub struct Container {
    /// All use cases.
    pub use_cases: Arc<UseCases>,
    /// The ports of the use cases.
    ports: Ports,
    /// The store behind the ports, kept to close it.
    store: SqlxStore,
    /// The cache behind the ports, unless it is off.
    cache: Option<Arc<TieredCache>>,
    /// The bans behind the ports.
    bans: Arc<LiveBans>,
    /// The access tokens behind the ports.
    access_tokens: Arc<JwtAccessTokens>,
    /// The broker, if one is configured.
    broker: Option<Arc<Amqp>>,
    /// The background tasks, and their stop signal.
    tasks: Tasks,
    stop: Shutdown,
    /// The shared cache, if one is configured.
    redis: Option<Arc<RedisClient>>,
    /// The mail server, if one is configured.
    smtp: Option<Arc<SmtpMailer>>,
    introductions: Arc<dyn Introductions>,
    handlers: Vec<Handler>,
    fail_points: FailPoints,
    metrics: Arc<Metrics>,
    traces: Traces,
    budget: Budget,
    texts: Box<Texts>,
    settings: Box<Settings>,
}

impl Container {
    /// Migrates the schema of an embedded database. The schema of a database server is migrated only by
    /// `svc migrate`.
    pub async fn migrate_if_embedded(&self) -> Result<(), StoreError> {
        if self.is_embedded() {
            self.store.up().await?;
        }
        Ok(())
    }

    /// Fails if a newer release has migrated an embedded database, as [`Self::migrate_if_embedded`] does, and
    /// migrates nothing. A database on a server is used, because replicas of two releases share it during an
    /// upgrade.
    pub async fn refuse_newer_if_embedded(&self) -> Result<(), StoreError> {
        if !self.is_embedded() {
            return Ok(());
        }
        let migrations = self.store.status().await?;
        let newest = migrations.iter().rfind(|migration| migration.is_newer);
        newest.map_or(Ok(()), |migration| Err(Migration::unknown(migration.version)))
    }

    /// The time by the clock of this machine, and by that of the database server. `None` for an embedded
    /// database.
    pub async fn clocks(&self) -> Result<Option<(Timestamp, Timestamp)>, StoreError> {
        let server = self.store.server_time().await?;
        Ok(server.map(|server| (self.ports.clock.now(), server)))
    }

    /// The schema of the database.
    #[must_use]
    pub fn migrations(&self) -> &dyn Migrations {
        &self.store
    }

    /// The HTTP endpoint. It reports that it is not ready once `shutdown` is triggered. Fails if the account
    /// pages cannot be rendered.
    pub fn endpoint(&self, shutdown: Shutdown) -> Result<BoxEndpoint<'static>, BuildError> {
        let Settings { server, security, limits, .. } = &*self.settings;
        let description = ServerDescription::new(&ServerFacts {
            issuer: &security.token.issuer,
            public_url: &server.public_url,
            algorithm: security.token.algorithm,
            user_claims: &security.token.claims,
            has_docs: server.docs,
        });
        let is_plain_loopback = server.is_plain_loopback();
        let middleware = Middleware {
            body_limit: limits.body_bytes,
            request_timeout: limits.request_timeout,
            trusted_proxies: server.trusted_proxies.clone(),
            web_origins: WebOrigins::new(&server.public_url, &server.allowed_origins, is_plain_loopback),
            cookies: Cookies::new(security.same_site, is_plain_loopback),
            admission: self.admission(),
            password_policy: security.password.policy,
            https: server.public_url.starts_with("https://"),
            base_path: server.base_path().to_owned(),
            introduce: self.introduce(),
            ids: self.ports.ids.clone(),
            counts: self.metrics.http.clone(),
            tracer: self.traces.tracer.clone(),
        };
        let docs = server.docs.then(|| document_settings(&self.settings));
        let pages = self.texts.pages()?;
        Ok(api::endpoint(
            self.use_cases.clone(),
            description,
            middleware,
            shutdown,
            docs,
            &pages,
            &self.texts.mail_languages,
        ))
    }

    /// The limits of the server for clients.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let LimitSettings { header_timeout, connections, .. } = self.settings.limits;
        let grace = STOP.saturating_sub(self.settings.server.drain_delay);
        let (budget, trusted) = (self.budget, self.settings.server.trusted_proxies.clone());
        Limits { header_timeout, idle_timeout: IDLE, stall: STALL, connections, budget, trusted, grace }
    }

    /// The limits of the listener for a Prometheus server, with a minimal memory budget.
    #[must_use]
    pub fn metrics_limits(&self) -> Limits {
        let body_bytes = self.settings.limits.body_bytes;
        let budget = Budget::of(Budget::least(body_bytes), body_bytes).unwrap_or(self.budget);
        Limits { budget, ..self.limits() }
    }

    /// Starts the background tasks that run until [`close`](Self::close): reading changes, bans and signing
    /// keys of other processes, storing refreshes whose response was lost, and reading the census of password
    /// hashes. Without them every read goes to the database, which is right for a short command.
    pub fn start(&self) {
        for (language, text) in &self.texts.gaps {
            tracing::warn!(language, text, "text has no translation, using the default language");
        }
        self.follow_bans();
        self.run_beside("signing keys", &self.access_tokens, |keys| async move { keys.follow_keys().await });
        self.store_undelivered_refreshes();
        if let Some(cache) = &self.cache {
            self.run_to_the_end("change feed", cache, |cache, stop| async move {
                tokio::select! {
                    () = cache.follow() => {}
                    () = stop.stopping() => cache.close(),
                }
            });
        }
        self.run_beside("census", &self.use_cases, |use_cases| async move {
            census::keep_reading(&use_cases.passwords.read_hash_census).await;
        });
        if self.settings.security.previous_secret_key.is_some() {
            self.run_beside("encryption of signing keys", &self.use_cases, |use_cases| async move {
                seal::keep_sealed(&use_cases.keys.seal).await;
            });
        }
    }

    /// Starts to send spans to the collector, if traces are on. Without it no span is sent, which is right
    /// for a short command.
    pub fn export_traces(&self) {
        self.traces.export();
    }

    /// Seals signing keys again that are not sealed under the current secret key.
    pub async fn seal_signing_keys(&self) -> Result<(), Failure> {
        seal::seal(&self.use_cases.keys.seal).await
    }

    /// Waits until the database proves to be one that would give wrong results.
    pub async fn unusable(&self) -> StoreError {
        self.store.unusable().await
    }

    /// Waits until a connection to the database fails.
    pub async fn unconnected(&self) -> StoreError {
        self.store.unconnected().await
    }

    /// Whether the database is an embedded one.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        matches!(self.settings.database.url, DatabaseUrl::Sqlite(_))
    }

    /// Ends the background tasks and closes the connections.
    pub async fn close(&self) {
        self.stop.begin(Duration::ZERO).await;
        let aborted = self.tasks.clone().finish(FINISH).await;
        if aborted > 0 {
            tracing::warn!(aborted, "background tasks aborted");
        }
        tokio::join!(self.traces.close(), self.store.close());
    }
}
