//! The local cache, and Redis.

use std::sync::Arc;

use super::error::BuildError;
use crate::adapters::cache::LocalCaches;
use crate::adapters::cache::redis::RedisClient;
use crate::adapters::tokens::secret_key::SecretKeys;
use crate::config::{CacheSettings, CacheUrl};

/// The local cache, and Redis if it is configured.
pub(super) fn build_tiers(
    settings: &CacheSettings,
    secrets: &SecretKeys,
) -> Result<(Arc<LocalCaches>, Option<Arc<RedisClient>>), BuildError> {
    let local = Arc::new(LocalCaches::new(settings.entries));
    let CacheUrl::Redis(url) = &settings.url else { return Ok((local, None)) };
    let redis = RedisClient::new(url, settings, secrets, local.clone()).map_err(BuildError::Cache)?;
    Ok((local, Some(Arc::new(redis))))
}
