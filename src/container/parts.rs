//! The adapters that take more than a line to build.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;

use super::{BuildError, FINISH};
use crate::adapters::amqp::{Amqp, AmqpSettings};
use crate::adapters::argon2::{Argon2Hasher, Argon2Settings};
use crate::adapters::rate_limits::{RateLimits, Unlimited};
use crate::adapters::redis::{RedisSettings, RedisTier};
use crate::adapters::secret_key::{SecretKey, SecretKeys};
use crate::adapters::sqlx::{PoolOptions, Pooler, SqlxStore};
use crate::adapters::tiers::Near;
use crate::config::{
    CacheSettings, CacheUrl, DatabaseSettings, DatabaseUrl, PasswordSettings, PoolerSetting, QueueUrl,
    SecretKeySource, SecuritySettings, Settings,
};
use crate::domain::Budgets;
use crate::ports::{Clock, RateLimiter, StoreError};
use crate::shutdown::Tasks;
use crate::telemetry::metrics::PasswordCounts;

pub(super) fn secret_keys(security: &SecuritySettings) -> Result<SecretKeys, BuildError> {
    let previous = security.previous_secret_key.as_ref().map(SecretKey::given);
    Ok(SecretKeys::new(secret_key(&security.secret_key)?, previous))
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

pub(super) fn open_store(database: &DatabaseSettings) -> Result<SqlxStore, StoreError> {
    let options = PoolOptions {
        max_connections: database.max_connections,
        acquire_timeout: database.acquire_timeout,
        statement_timeout: database.statement_timeout,
        pooler: match database.pooler {
            PoolerSetting::Session => Pooler::Session,
            PoolerSetting::Transaction => Pooler::Transaction,
        },
        direct_url: match &database.direct_url {
            Some(DatabaseUrl::Postgres(url)) => Some(url.clone()),
            Some(DatabaseUrl::Sqlite(_)) | None => None,
        },
    };
    match &database.url {
        DatabaseUrl::Sqlite(path) => SqlxStore::open_sqlite(path, &options),
        DatabaseUrl::Postgres(url) => SqlxStore::open_postgres(url, &options),
    }
}

/// The tier of the cache in this process, and Redis, if there is one.
pub(super) fn build_tiers(
    settings: &CacheSettings,
    secrets: &SecretKeys,
) -> Result<(Arc<Near>, Option<Arc<RedisTier>>), BuildError> {
    let near = Arc::new(Near::new(settings.entries));
    let CacheUrl::Redis(url) = &settings.url else { return Ok((near, None)) };
    let (namespace, timeout) = (settings.namespace.clone(), settings.timeout);
    let redis = RedisSettings { url: url.clone(), namespace, timeout };
    let redis = RedisTier::new(&redis, secrets, near.clone()).map_err(BuildError::Cache)?;
    Ok((near, Some(Arc::new(redis))))
}

/// Rate limits, which replicas share in Redis, if there is one.
pub(super) fn build_limiter(
    budgets: Option<&Budgets>,
    clock: &Arc<dyn Clock>,
    redis: Option<&Arc<RedisTier>>,
    tasks: &Tasks,
) -> Arc<dyn RateLimiter> {
    match budgets {
        Some(budgets) => Arc::new(RateLimits::new(budgets, clock.clone(), redis.cloned(), tasks.clone())),
        None => Arc::new(Unlimited),
    }
}

/// `None` when events stay within the database.
pub(super) fn build_broker(settings: &Settings) -> Result<Option<Arc<Amqp>>, BuildError> {
    let QueueUrl::Amqp(url) = &settings.queue.url else { return Ok(None) };
    let (namespace, source) = (settings.queue.namespace.clone(), settings.server.public_url.clone());
    let broker = Amqp::new(&AmqpSettings { url: url.clone(), namespace, source });
    Ok(Some(Arc::new(broker.map_err(BuildError::Queue)?)))
}

/// Runs what never ends, again when it panics: without it this process would not notice what others change.
pub(super) async fn keep_running<F: Future<Output = ()>>(what: &'static str, run: impl Fn() -> F) {
    while AssertUnwindSafe(run()).catch_unwind().await.is_err() {
        tracing::error!("{what} panicked; it begins again");
        tokio::time::sleep(FINISH).await;
    }
}

pub(super) fn start_hasher(
    password: &PasswordSettings,
    counts: &Arc<PasswordCounts>,
) -> Result<Argon2Hasher, BuildError> {
    let settings = Argon2Settings {
        memory_kib: password.memory_kib,
        iterations: password.iterations,
        parallelism: password.parallelism,
        workers: password.workers,
        queue_length: password.queue_length,
        queue_wait: password.queue_wait,
        only_idle: password.only_idle,
    };
    Argon2Hasher::counting(settings, counts.clone()).map_err(|error| BuildError::Hasher(error.to_string()))
}
