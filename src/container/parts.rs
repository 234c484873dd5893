//! The adapters that take more than one line to build.

use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use secrecy::SecretString;

use super::error::BuildError;
use super::missing::Missing;
use crate::adapters::cache::LocalCaches;
use crate::adapters::cache::redis::{RedisClient, RedisLogin, RedisSentinel, RedisServers, RedisSettings};
use crate::adapters::events::amqp::{Amqp, AmqpSettings};
use crate::adapters::passwords::{Argon2Hasher, Argon2Settings};
use crate::adapters::rate_limiter::{RateLimits, Unlimited};
use crate::adapters::sqlx::{PoolOptions, Pooler, PostgresServers, SqlxStore, Target};
use crate::adapters::tokens::secret_key::{SecretKey, SecretKeys};
use crate::config::{
    CacheSettings, CacheUrl, DatabaseSettings, DatabaseUrl, PasswordSettings, PoolerSetting, PostgresUrl,
    QueueUrl, RedisUrl, SecretKeySource, SecuritySettings, SessionTarget, Settings,
};
use crate::domain::Budgets;
use crate::ports::{Clock, RateLimiter, StoreError};
use crate::tasks::Tasks;
use crate::telemetry::metrics::PasswordCounts;

/// How long background tasks may take to end.
pub(super) const FINISH: Duration = Duration::from_secs(2);

pub(super) fn secret_keys(security: &SecuritySettings, missing: Missing) -> Result<SecretKeys, BuildError> {
    let previous = security.previous_secret_key.as_ref().map(SecretKey::given);
    Ok(SecretKeys::new(secret_key(&security.secret_key, missing)?, previous))
}

fn secret_key(source: &SecretKeySource, missing: Missing) -> Result<SecretKey, BuildError> {
    match source {
        SecretKeySource::Given(text) => Ok(SecretKey::given(text)),
        SecretKeySource::File(path) => {
            let read = match missing {
                Missing::Created => SecretKey::read_or_create(path),
                Missing::Refused if !path.exists() => return Err(BuildError::NoSecretKey(absolute(path))),
                Missing::Refused | Missing::Replaced => SecretKey::read_or_forget(path),
            };
            let (key, created) =
                read.map_err(|error| BuildError::SecretKey(format!("{}: {error}", path.display())))?;
            if created {
                tracing::info!(path = %path.display(), "secret key generated; back it up with the database");
            }
            Ok(key)
        }
    }
}

pub(super) fn open_store(database: &DatabaseSettings, missing: Missing) -> Result<SqlxStore, StoreError> {
    let options = PoolOptions {
        max_connections: database.max_connections,
        acquire_timeout: database.acquire_timeout,
        statement_timeout: database.statement_timeout,
        pooler: match database.pooler {
            PoolerSetting::Session => Pooler::Session,
            PoolerSetting::Transaction => Pooler::Transaction,
        },
        direct: match &database.direct_url {
            Some(DatabaseUrl::Postgres(url)) => Some(postgres(url)),
            Some(DatabaseUrl::Sqlite(_)) | None => None,
        },
    };
    match &database.url {
        DatabaseUrl::Sqlite(path) if missing == Missing::Created => SqlxStore::open_sqlite(path, &options),
        DatabaseUrl::Sqlite(path) => Ok(SqlxStore::open_existing_sqlite(path, &options)),
        DatabaseUrl::Postgres(url) => SqlxStore::open_postgres(&postgres(url), &options),
    }
}

/// Fails if an embedded database is missing, and is not to be.
pub(super) fn refuse_missing(database: &DatabaseSettings, missing: Missing) -> Result<(), BuildError> {
    match &database.url {
        DatabaseUrl::Sqlite(path) if missing == Missing::Refused && !path.exists() => {
            Err(BuildError::NoDatabase(absolute(path)))
        }
        DatabaseUrl::Sqlite(_) | DatabaseUrl::Postgres(_) => Ok(()),
    }
}

/// Shows an operator in which folder a file was looked for.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn postgres(url: &PostgresUrl) -> PostgresServers {
    let target = match url.target {
        SessionTarget::Any => Target::Any,
        SessionTarget::ReadWrite => Target::ReadWrite,
        SessionTarget::Primary => Target::Primary,
    };
    PostgresServers { urls: url.each_host(), target }
}

/// The local cache, and Redis if it is configured.
pub(super) fn build_tiers(
    settings: &CacheSettings,
    secrets: &SecretKeys,
) -> Result<(Arc<LocalCaches>, Option<Arc<RedisClient>>), BuildError> {
    let local = Arc::new(LocalCaches::new(settings.entries));
    let CacheUrl::Redis(url) = &settings.url else { return Ok((local, None)) };
    let (namespace, timeout) = (settings.namespace.clone(), settings.timeout);
    let redis = RedisSettings { servers: redis_servers(url), namespace, timeout };
    let redis = RedisClient::new(&redis, secrets, local.clone()).map_err(BuildError::Cache)?;
    Ok((local, Some(Arc::new(redis))))
}

fn redis_servers(url: &RedisUrl) -> RedisServers {
    let login = |(user, password): (Option<&str>, Option<&str>)| RedisLogin {
        user: user.map(str::to_owned),
        password: password.map(SecretString::from),
    };
    RedisServers {
        addresses: url.addresses(),
        is_encrypted: url.is_encrypted(),
        login: login(url.login()),
        database: url.database,
        sentinel: url.sentinel.as_ref().map(|sentinel| RedisSentinel {
            master: sentinel.master.clone(),
            login: RedisLogin { user: sentinel.user.clone(), password: sentinel.password.clone() },
        }),
    }
}

/// The rate limiter. Replicas share it in Redis if that is configured.
pub(super) fn build_limiter(
    budgets: Option<&Budgets>,
    clock: &Arc<dyn Clock>,
    redis: Option<&Arc<RedisClient>>,
    tasks: &Tasks,
) -> Arc<dyn RateLimiter> {
    match budgets {
        Some(budgets) => Arc::new(RateLimits::new(budgets, clock.clone(), redis.cloned(), tasks.clone())),
        None => Arc::new(Unlimited),
    }
}

/// Returns `None` if events stay within the database.
pub(super) fn build_broker(settings: &Settings) -> Option<Arc<Amqp>> {
    let QueueUrl::Amqp(url) = &settings.queue.url else { return None };
    let (user, password) = url.login();
    Some(Arc::new(Amqp::new(&AmqpSettings {
        nodes: url.addresses(),
        is_encrypted: url.is_encrypted(),
        user: user.to_owned(),
        password: SecretString::from(password),
        vhost: url.vhost.clone(),
        namespace: settings.queue.namespace.clone(),
        source: settings.server.public_url.clone(),
    })))
}

/// Runs a task that never ends, and restarts it when it panics. Without it this process would miss changes by
/// others.
pub(super) async fn keep_running<F: Future<Output = ()>>(what: &'static str, run: impl Fn() -> F) {
    while AssertUnwindSafe(run()).catch_unwind().await.is_err() {
        tracing::error!(task = what, "background task panicked, restarting");
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
        priority: password.priority,
    };
    Argon2Hasher::counting(settings, counts.clone()).map_err(|error| BuildError::Hasher(error.to_string()))
}
