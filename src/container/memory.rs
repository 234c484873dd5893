//! The maximum memory that clients can make the process use.

use super::error::BuildError;
use crate::adapters::host::memory_limit;
use crate::api::budget::Budget;
use crate::config::{CacheUrl, Settings};

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;
/// The memory of the process without clients, hashes and caches.
const AT_REST: u64 = 32 * MIB;
/// A cached user or session, and a verified access token.
const ENTRY: u64 = KIB;
const TOKEN: u64 = 250;

/// The limits that follow from `limits.memory`, or from the rest of the container's memory limit if that is
/// less.
pub(super) fn budget(settings: &Settings) -> Result<Budget, BuildError> {
    let (asked, body_bytes) = (settings.limits.memory, settings.limits.body_bytes);
    let least = Budget::least(body_bytes);
    let too_little = || {
        let (asked, least) = (asked / MIB, (least as u64).div_ceil(MIB));
        BuildError::Memory(format!(
            "too small: {asked}MiB, expected at least {least}MiB with limits.body_bytes = {body_bytes}"
        ))
    };
    let size = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
    let asked = Budget::of(size(asked), body_bytes).map(|_| asked).ok_or_else(too_little)?;
    let left = memory_limit().map_or(u64::MAX, |limit| left_of(limit, settings));
    let left = left.max(least as u64);
    if left < asked {
        tracing::info!(
            bytes = left,
            "memory limit of the container is below limits.memory, fewer clients are served at once"
        );
    }
    Budget::of(size(asked.min(left)), body_bytes).ok_or_else(too_little)
}

/// The part of a limit that password hashes and caches do not use.
fn left_of(limit: u64, settings: &Settings) -> u64 {
    let password = &settings.security.password;
    let hashes = password.workers as u64 * u64::from(password.memory_kib) * KIB;
    let cache = &settings.cache;
    let entries = if matches!(cache.url, CacheUrl::Off) { 0 } else { 2 * cache.entries * ENTRY };
    limit.saturating_sub(AT_REST + hashes + entries + cache.tokens * TOKEN)
}
