//! The local cache, and Redis.

use std::sync::Arc;

use secrecy::SecretString;

use super::error::BuildError;
use crate::adapters::cache::LocalCaches;
use crate::adapters::cache::redis::{RedisClient, RedisLogin, RedisSentinel, RedisServers, RedisSettings};
use crate::adapters::tokens::secret_key::SecretKeys;
use crate::config::{CacheSettings, CacheUrl, RedisUrl};

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
