//! The hasher of passwords, with its threads.

use std::sync::Arc;

use super::error::BuildError;
use crate::adapters::passwords::{Argon2Hasher, Argon2Settings};
use crate::config::PasswordSettings;
use crate::telemetry::metrics::PasswordCounts;

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
