//! The only place that knows every adapter: it builds those that the settings name and gives the use cases to
//! whoever serves or operates them.

mod error;
mod mail;
mod memory;
mod metrics;
mod parts;
mod seal;
mod work;

use std::sync::Arc;
use std::time::Duration;

use poem::endpoint::BoxEndpoint;

pub use self::error::BuildError;
use self::mail::{build_mail, mail_templates};
use self::parts::{
    build_broker, build_limiter, build_tiers, keep_following, open_store, secret_keys, start_hasher,
};
use crate::adapters::amqp::Amqp;
use crate::adapters::hmac::{HmacMailTokens, HmacRefreshTokens};
use crate::adapters::jwt::{JwtAccessTokens, JwtKeyFactory, JwtSettings};
use crate::adapters::security_log::TracedSecurityLog;
use crate::adapters::sqlx::SqlxStore;
use crate::adapters::system::{SystemClock, SystemIds};
use crate::adapters::tiers::{NoCache, TellingStore, TieredCache};
use crate::api::budget::Budget;
use crate::api::edge::Edge;
use crate::api::server::Limits;
use crate::api::{self, ServerMetadata};
use crate::config::{CacheUrl, DatabaseUrl, LimitSettings, Settings};
use crate::domain::{Algorithm, SessionLifetimes};
use crate::ports::events::Transport;
use crate::ports::{Cache, Clock, Ids, Mailer, Migrations, PasswordHasher, Store, StoreError};
use crate::shutdown::{Shutdown, Tasks};
use crate::telemetry::metrics::Metrics;
use crate::usecases::{Failure, Ports, UseCases};
use crate::worker::FailPoints;
use crate::worker::handlers::{self, Handler};

/// How long a client may keep a connection that it does not use.
const IDLE: Duration = Duration::from_secs(75);
/// How long a client may take nothing of an answer that waits for it.
const STALL: Duration = Duration::from_secs(10);
/// How long the service takes to stop at most, draining included: less than the 30 seconds that orchestrators give.
const STOP: Duration = Duration::from_secs(25);
/// How long what runs beside the requests may take to end.
const FINISH: Duration = Duration::from_secs(2);

/// The service, ready to be served or operated.
pub struct Container {
    /// Everything it does.
    pub use_cases: Arc<UseCases>,
    /// What it stands on.
    pub ports: Ports,
    /// The store behind the ports, to be closed at the end.
    store: SqlxStore,
    /// The cache behind the ports, if it keeps anything.
    cache: Option<Arc<TieredCache>>,
    /// The broker, if there is one.
    broker: Option<Arc<Amqp>>,
    /// What runs beside the requests, and what tells it to stop.
    tasks: Tasks,
    stop: Shutdown,
    handlers: Vec<Arc<dyn Handler>>,
    fail_points: FailPoints,
    metrics: Arc<Metrics>,
    budget: Budget,
    settings: Settings,
}

/// Builds a [`Container`] with some ports replaced.
pub struct Builder<'a> {
    settings: &'a Settings,
    clock: Option<Arc<dyn Clock>>,
    hasher: Option<Arc<dyn PasswordHasher>>,
    mailer: Option<Arc<dyn Mailer>>,
    around_store: Option<Box<AroundStore>>,
    handlers: Option<Vec<Arc<dyn Handler>>>,
    fail_points: FailPoints,
}

/// Puts something around a store.
type AroundStore = dyn FnOnce(Arc<dyn Store>) -> Arc<dyn Store>;

impl Container {
    /// Builds what the settings name. Nothing is connected to yet: a database that is down is the first request's
    /// problem, not the start's.
    pub fn build(settings: &Settings) -> Result<Self, BuildError> {
        Self::builder(settings).build()
    }

    /// Finds what is wrong with the files that the settings name, and with nothing else.
    pub fn check(settings: &Settings) -> Result<(), BuildError> {
        memory::budget(settings)?;
        mail_templates(settings).map(drop)
    }

    /// The same, with some ports replaced.
    #[must_use]
    pub fn builder(settings: &Settings) -> Builder<'_> {
        Builder {
            settings,
            clock: None,
            hasher: None,
            mailer: None,
            around_store: None,
            handlers: None,
            fail_points: FailPoints::default(),
        }
    }

    /// Brings an embedded database's schema up to date; a database server's is `svc migrate`'s to change.
    pub async fn migrate_if_embedded(&self) -> Result<(), StoreError> {
        if self.is_embedded() {
            self.store.up().await?;
        }
        Ok(())
    }

    /// The service over HTTP, which says that it is not ready once `shutdown` is given.
    #[must_use]
    pub fn endpoint(&self, shutdown: Shutdown) -> BoxEndpoint<'static> {
        let Settings { server, security, limits, .. } = &self.settings;
        let publishes_keys = security.token.algorithm != Algorithm::Hs256;
        let metadata =
            ServerMetadata::new(&security.token.issuer, &server.public_url, publishes_keys, server.docs);
        let edge = Edge {
            body_limit: limits.body_bytes,
            request_timeout: limits.request_timeout,
            trusted_proxies: server.trusted_proxies.clone(),
            password_policy: security.password.policy,
            https: server.public_url.starts_with("https://"),
            ids: self.ports.ids.clone(),
            counts: self.metrics.http.clone(),
        };
        api::endpoint(self.use_cases.clone(), metadata, edge, shutdown, server.docs)
    }

    /// What the server lets a client do.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let LimitSettings { header_timeout, connections, .. } = self.settings.limits;
        let grace = STOP.saturating_sub(self.settings.server.drain_delay);
        let (budget, trusted) = (self.budget, self.settings.server.trusted_proxies.clone());
        Limits { header_timeout, idle_timeout: IDLE, stall: STALL, connections, budget, trusted, grace }
    }

    /// The same for the listener of a Prometheus server, which needs little.
    #[must_use]
    pub fn metrics_limits(&self) -> Limits {
        let body_bytes = self.settings.limits.body_bytes;
        let budget = Budget::of(Budget::least(body_bytes), body_bytes).unwrap_or(self.budget);
        Limits { budget, ..self.limits() }
    }

    /// Begins what runs beside the requests until [`close`](Self::close): noticing what others change. Without it
    /// every read is one of the database, which is right for a command that ends soon.
    pub fn start(&self) {
        if let Some(cache) = self.cache.clone() {
            let stop = self.stop.clone();
            self.tasks.spawn(async move {
                tokio::select! {
                    () = keep_following(&cache) => {}
                    () = stop.stopping() => cache.close(),
                }
            });
        }
        if self.settings.security.previous_secret_key.is_some() {
            let (use_cases, stop) = (self.use_cases.clone(), self.stop.clone());
            self.tasks.spawn(async move {
                tokio::select! {
                    () = seal::keep_sealed(&use_cases.seal_signing_keys) => {}
                    () = stop.stopping() => {}
                }
            });
        }
    }

    /// Seals the signing keys again that are not sealed under the present secret key.
    pub async fn seal_signing_keys(&self) -> Result<(), Failure> {
        seal::seal(&self.use_cases.seal_signing_keys).await
    }

    /// Whether the database is the embedded one.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        matches!(self.settings.database.url, DatabaseUrl::Sqlite(_))
    }

    /// Finishes what runs beside the requests, and closes the connections.
    pub async fn close(&self) {
        self.stop.begin(Duration::ZERO).await;
        let aborted = self.tasks.clone().finish(FINISH).await;
        if aborted > 0 {
            tracing::warn!(aborted, "some of what ran beside the requests was cut short");
        }
        self.store.close().await;
    }
}

impl Builder<'_> {
    /// Tells the time by this clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Hashes passwords by this hasher.
    #[must_use]
    pub fn hasher(mut self, hasher: Arc<dyn PasswordHasher>) -> Self {
        self.hasher = Some(hasher);
        self
    }

    /// Sends mail by this mailer.
    #[must_use]
    pub fn mailer(mut self, mailer: Arc<dyn Mailer>) -> Self {
        self.mailer = Some(mailer);
        self
    }

    /// Handles events by these, instead of by all there are.
    #[must_use]
    pub fn handlers(mut self, handlers: Vec<Arc<dyn Handler>>) -> Self {
        self.handlers = Some(handlers);
        self
    }

    /// Has the process die where a test says.
    #[must_use]
    pub fn fail_points(mut self, fail_points: FailPoints) -> Self {
        self.fail_points = fail_points;
        self
    }

    /// Puts this around the store that the settings name, such as one that fails on purpose.
    #[must_use]
    pub fn around_store(mut self, around: impl FnOnce(Arc<dyn Store>) -> Arc<dyn Store> + 'static) -> Self {
        self.around_store = Some(Box::new(around));
        self
    }

    /// Builds what the settings name and nobody replaced.
    pub fn build(self) -> Result<Container, BuildError> {
        let security = &self.settings.security;
        // First, since a start that is refused makes no files.
        let letters = mail_templates(self.settings)?;
        let budget = memory::budget(self.settings)?;
        let secrets = secret_keys(security)?;
        let store = open_store(&self.settings.database)?;
        let clock = self.clock.unwrap_or_else(|| Arc::new(SystemClock));
        let ids: Arc<dyn Ids> = Arc::new(SystemIds);
        let metrics = Arc::new(Metrics::new(api::operations()));
        let hasher = match self.hasher {
            Some(hasher) => hasher,
            None => Arc::new(start_hasher(&security.password, &metrics.passwords)?),
        };
        let token = &security.token;
        let jwt = JwtSettings {
            issuer: token.issuer.clone(),
            audience: token.audience.clone(),
            lifetime: token.access_lifetime,
            remembered: self.settings.cache.tokens,
        };
        let opened: Arc<dyn Store> = Arc::new(store.clone());
        let opened = self.around_store.map_or_else(|| opened.clone(), |around| around(opened.clone()));
        let tasks = Tasks::default();
        let cache = &self.settings.cache;
        let (near, redis) = build_tiers(cache, &secrets)?;
        let limiter = build_limiter(self.settings.limits.budgets.as_ref(), &clock, redis.as_ref());
        let security_log = Arc::new(TracedSecurityLog::new(secrets.present(), metrics.security.clone()));
        let cached = || TieredCache::new(opened.clone(), clock.clone(), near, redis, metrics.cache.clone());
        let tiers = (!matches!(cache.url, CacheUrl::Off)).then(cached).map(Arc::new);
        let (shared, cache): (Arc<dyn Store>, Arc<dyn Cache>) = match &tiers {
            Some(tiers) => (Arc::new(TellingStore::new(opened, tiers.clone(), tasks.clone())), tiers.clone()),
            None => (opened.clone(), Arc::new(NoCache(opened))),
        };
        let access_tokens =
            JwtAccessTokens::new(jwt, token.algorithm, &secrets, shared.clone(), clock.clone(), ids.clone());
        let broker = build_broker(self.settings)?;
        let ports = Ports {
            store: shared,
            cache,
            migrations: Arc::new(store.clone()),
            queue: broker.clone().map(|broker| broker as Arc<dyn Transport>),
            hasher,
            limiter,
            security_log,
            access_tokens: Arc::new(access_tokens),
            refresh_tokens: Arc::new(HmacRefreshTokens::new(&secrets)),
            mail_tokens: Arc::new(HmacMailTokens::new(&secrets)),
            keys: Arc::new(JwtKeyFactory::new(token.algorithm, &secrets)),
            clock,
            ids,
        };
        let lifetimes = SessionLifetimes {
            idle: token.refresh_idle,
            absolute: token.refresh_absolute,
            grace: token.refresh_grace,
        };
        let use_cases =
            Arc::new(UseCases::new(&ports, lifetimes, security.sessions_per_user, security.mail_token));
        let (stop, settings) = (Shutdown::default(), self.settings.clone());
        let mail = build_mail(self.settings, &ports, letters, self.mailer)?;
        let handlers = self.handlers.unwrap_or_else(|| handlers::all(&mail));
        let (cache, fail_points) = (tiers, self.fail_points);
        Ok(Container {
            use_cases,
            ports,
            store,
            cache,
            broker,
            tasks,
            stop,
            handlers,
            fail_points,
            metrics,
            budget,
            settings,
        })
    }
}
