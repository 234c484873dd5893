//! The only place that knows every adapter: it builds those that the settings name and gives the use cases to
//! whoever serves or operates them.

use std::sync::Arc;
use std::time::Duration;

use poem::endpoint::BoxEndpoint;

use crate::adapters::argon2::{Argon2Hasher, Argon2Settings};
use crate::adapters::hmac::HmacRefreshTokens;
use crate::adapters::jwt::{JwtAccessTokens, JwtKeyFactory, JwtSettings};
use crate::adapters::secret_key::SecretKey;
use crate::adapters::sqlx::{PoolOptions, SqlxStore};
use crate::adapters::system::{SystemClock, SystemIds};
use crate::api::edge::Edge;
use crate::api::server::Limits;
use crate::api::{self, ServerMetadata};
use crate::config::{
    DatabaseSettings, DatabaseUrl, LimitSettings, PasswordSettings, SecretKeySource, Settings,
};
use crate::domain::{Algorithm, SessionLifetimes};
use crate::ports::{Clock, Ids, Migrations, PasswordHasher, Store, StoreError};
use crate::shutdown::Shutdown;
use crate::usecases::{Ports, UseCases};

/// How long a client may keep a connection that it does not use.
const IDLE: Duration = Duration::from_secs(75);
/// How many requests one HTTP/2 connection may have in flight: what RFC 9113 recommends as the least.
const STREAMS: u32 = 100;
/// How long the service takes to stop at most, draining included: less than the 30 seconds that orchestrators give.
const STOP: Duration = Duration::from_secs(28);

/// The service, ready to be served or operated.
pub struct Container {
    /// Everything it does.
    pub use_cases: Arc<UseCases>,
    /// What it stands on.
    pub ports: Ports,
    /// The store behind the ports, to be closed at the end.
    store: SqlxStore,
    settings: Settings,
}

/// Why there is no container. Texts are for operators.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The secret key can be neither read nor made.
    #[error("security.secret_key: {0}")]
    SecretKey(String),
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The password hasher cannot be started.
    #[error("security.password: {0}")]
    Hasher(String),
}

/// Builds a [`Container`] with some ports replaced.
pub struct Builder<'a> {
    settings: &'a Settings,
    clock: Option<Arc<dyn Clock>>,
    hasher: Option<Arc<dyn PasswordHasher>>,
    around_store: Option<Box<AroundStore>>,
}

/// Puts something around a store.
type AroundStore = dyn FnOnce(Arc<dyn Store>) -> Arc<dyn Store>;

impl Container {
    /// Builds what the settings name. Nothing is connected to yet: a database that is down is the first request's
    /// problem, not the start's.
    pub fn build(settings: &Settings) -> Result<Self, BuildError> {
        Self::builder(settings).build()
    }

    /// The same, with some ports replaced.
    #[must_use]
    pub fn builder(settings: &Settings) -> Builder<'_> {
        Builder { settings, clock: None, hasher: None, around_store: None }
    }

    /// Brings an embedded database's schema up to date; a database server's is `svc migrate`'s to change.
    pub async fn migrate_if_embedded(&self) -> Result<(), StoreError> {
        if let DatabaseUrl::Sqlite(_) = self.settings.database.url {
            self.store.up().await?;
        }
        Ok(())
    }

    /// The service over HTTP, which says that it is not ready once `shutdown` is given.
    #[must_use]
    pub fn endpoint(&self, shutdown: Shutdown) -> BoxEndpoint<'static> {
        let Settings { server, security, limits, .. } = &self.settings;
        let publishes_keys = security.token.algorithm != Algorithm::Hs256;
        let metadata = ServerMetadata::new(&security.token.issuer, &server.public_url, publishes_keys);
        let edge = Edge {
            body_limit: limits.body_bytes,
            request_timeout: limits.request_timeout,
            trusted_proxies: server.trusted_proxies.clone(),
            password_policy: security.password.policy,
            ids: self.ports.ids.clone(),
        };
        api::endpoint(self.use_cases.clone(), metadata, edge, shutdown)
    }

    /// What the server lets a client do.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let LimitSettings { header_timeout, connections, .. } = self.settings.limits;
        let grace = STOP.saturating_sub(self.settings.server.drain_delay);
        Limits { header_timeout, connections, idle_timeout: IDLE, streams: STREAMS, grace }
    }

    /// Closes the connections to the database.
    pub async fn close(&self) {
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

    /// Puts this around the store that the settings name, such as one that fails on purpose.
    #[must_use]
    pub fn around_store(mut self, around: impl FnOnce(Arc<dyn Store>) -> Arc<dyn Store> + 'static) -> Self {
        self.around_store = Some(Box::new(around));
        self
    }

    /// Builds what the settings name and nobody replaced.
    pub fn build(self) -> Result<Container, BuildError> {
        let security = &self.settings.security;
        let secret = secret_key(&security.secret_key)?;
        let store = open_store(&self.settings.database)?;
        let clock = self.clock.unwrap_or_else(|| Arc::new(SystemClock));
        let ids: Arc<dyn Ids> = Arc::new(SystemIds);
        let hasher = match self.hasher {
            Some(hasher) => hasher,
            None => Arc::new(start_hasher(&security.password)?),
        };
        let token = &security.token;
        let jwt = JwtSettings {
            issuer: token.issuer.clone(),
            audience: token.audience.clone(),
            lifetime: token.access_lifetime,
        };
        let opened: Arc<dyn Store> = Arc::new(store.clone());
        let shared = match self.around_store {
            Some(around) => around(opened),
            None => opened,
        };
        let access_tokens =
            JwtAccessTokens::new(jwt, token.algorithm, &secret, shared.clone(), clock.clone(), ids.clone());
        let ports = Ports {
            store: shared,
            migrations: Arc::new(store.clone()),
            hasher,
            access_tokens: Arc::new(access_tokens),
            refresh_tokens: Arc::new(HmacRefreshTokens::new(&secret)),
            keys: Arc::new(JwtKeyFactory::new(token.algorithm, &secret)),
            clock,
            ids,
        };
        let lifetimes = SessionLifetimes {
            idle: token.refresh_idle,
            absolute: token.refresh_absolute,
            grace: token.refresh_grace,
        };
        let use_cases = Arc::new(UseCases::new(&ports, lifetimes));
        Ok(Container { use_cases, ports, store, settings: self.settings.clone() })
    }
}

fn secret_key(source: &SecretKeySource) -> Result<SecretKey, BuildError> {
    match source {
        SecretKeySource::Given(text) => Ok(SecretKey::given(text)),
        SecretKeySource::File(path) => {
            let (key, created) = SecretKey::read_or_create(path)
                .map_err(|error| BuildError::SecretKey(format!("{}: {error}", path.display())))?;
            if created {
                tracing::info!(path = %path.display(), "a secret key was made; keep it with the database");
            }
            Ok(key)
        }
    }
}

fn open_store(database: &DatabaseSettings) -> Result<SqlxStore, StoreError> {
    let options = PoolOptions {
        max_connections: database.max_connections,
        acquire_timeout: database.acquire_timeout,
        statement_timeout: database.statement_timeout,
    };
    match &database.url {
        DatabaseUrl::Sqlite(path) => SqlxStore::open_sqlite(path, &options),
        DatabaseUrl::Postgres(url) => SqlxStore::open_postgres(url, &options),
    }
}

fn start_hasher(password: &PasswordSettings) -> Result<Argon2Hasher, BuildError> {
    Argon2Hasher::start(Argon2Settings {
        memory_kib: password.memory_kib,
        iterations: password.iterations,
        parallelism: password.parallelism,
        workers: password.workers,
        queue_length: password.queue_length,
        queue_wait: password.queue_wait,
    })
    .map_err(|error| BuildError::Hasher(error.to_string()))
}
