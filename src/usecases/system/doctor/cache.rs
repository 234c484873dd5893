use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::check::DoctorCheck;
use super::finding::Finding;
use crate::ports::SharedCache;
use crate::ports::inspection::{CacheFacts, CacheInspector};

const NAME: &str = "cache";

/// Checks the shared cache.
pub(super) struct CacheCheck {
    pub cache: Arc<dyn CacheInspector>,
}

#[async_trait]
impl DoctorCheck for CacheCheck {
    fn name(&self) -> &'static str {
        NAME
    }

    fn limit(&self) -> Duration {
        Duration::from_mins(2)
    }

    async fn run(&self) -> Vec<Finding> {
        vec![match self.cache.inspect().await {
            Ok(facts) => judge(&facts),
            Err((state, reason)) => unusable(&state, &reason),
        }]
    }
}

fn unusable(state: &SharedCache, reason: &str) -> Finding {
    let cure = match state {
        SharedCache::LoginRefused => "correct the user or the password in cache.url".to_owned(),
        SharedCache::MissingRight(right) => {
            format!("grant the user {right}: `ACL SETUSER USER {right}`; docs/clusters.md has all rights")
        }
        SharedCache::ReadOnly => "name the master in cache.url, or the Sentinels that know it".to_owned(),
        SharedCache::Unsupported => "name one server, or several with Sentinel, in cache.url".to_owned(),
        SharedCache::Used | SharedCache::Away if reason.contains("OOM") => {
            "raise maxmemory, or set maxmemory-policy to allkeys-lru".to_owned()
        }
        SharedCache::Used | SharedCache::Away => {
            "start Redis, check the host and the port in cache.url, and raise cache.timeout if it is far away"
                .to_owned()
        }
    };
    let means = "the service works without it: each replica reads the database more often, and counts rate limits alone";
    Finding::fail(NAME, reason, means, cure)
}

fn judge(facts: &CacheFacts) -> Finding {
    let version = facts.version.as_deref().unwrap_or("of unknown version (the user lacks +info)");
    let mut measured = format!("Redis {version}, {:.1} ms per call", facts.round_trip.as_secs_f64() * 1000.0);
    if facts.round_trip > facts.timeout {
        return Finding::warn(
            NAME,
            measured,
            format!("calls are given up after {} ms, so the cache is not used", facts.timeout.as_millis()),
            "move Redis nearer to the service, or raise cache.timeout",
        );
    }
    let (Some((used, limit)), Some(policy)) = (facts.memory, &facts.policy) else {
        return Finding::ok(NAME, measured);
    };
    if limit == 0 {
        measured += ", no memory limit";
        return Finding::ok(NAME, measured);
    }
    measured = format!("{measured}, {} % of maxmemory in use, {policy}", used.saturating_mul(100) / limit);
    if policy == "noeviction" {
        return Finding::warn(
            NAME,
            measured,
            "a full Redis refuses writes instead of removing old values, and the cache is not used then",
            "set maxmemory-policy to allkeys-lru (or volatile-ttl where others keep data in this Redis)",
        );
    }
    Finding::ok(NAME, measured)
}

#[cfg(test)]
mod tests {
    use super::super::finding::FindingState::{Ok, Warn};
    use super::*;

    #[test]
    fn a_memory_limit_needs_a_policy_that_evicts() {
        for (memory, policy, state) in [
            (None, None, Ok),
            (Some((1, 0)), Some("noeviction"), Ok),
            (Some((1, 100)), Some("noeviction"), Warn),
            (Some((99, 100)), Some("allkeys-lru"), Ok),
        ] {
            let policy = policy.map(str::to_owned);
            let facts =
                CacheFacts { memory, policy, timeout: Duration::from_secs(1), ..CacheFacts::default() };
            assert_eq!(judge(&facts).state, state, "{facts:?}");
        }
        let late = CacheFacts {
            round_trip: Duration::from_millis(51),
            timeout: Duration::from_millis(50),
            ..CacheFacts::default()
        };
        assert_eq!(judge(&late).state, Warn);
    }
}
