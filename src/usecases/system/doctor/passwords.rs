use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::check::DoctorCheck;
use super::finding::Finding;
use crate::domain::{Password, is_strong_hash};
use crate::ports::inspection::HostInspector;
use crate::ports::{Clock, Origin, PasswordHasher};

const NAME: &str = "password_hash";

/// The cost of new password hashes (Argon2id).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashSettings {
    /// The memory of one hash, in KiB.
    pub memory_kib: u32,
    /// The number of passes over that memory.
    pub iterations: u32,
    /// The number of passwords hashed at once.
    pub workers: usize,
    /// The maximum time in the queue.
    pub queue_wait: Duration,
}

/// Hashes a password, and compares the cost with what is safe and what the machine has.
pub(super) struct PasswordsCheck {
    pub hasher: Arc<dyn PasswordHasher>,
    pub host: Arc<dyn HostInspector>,
    pub clock: Arc<dyn Clock>,
    pub settings: HashSettings,
}

#[async_trait]
impl DoctorCheck for PasswordsCheck {
    fn name(&self) -> &'static str {
        NAME
    }

    fn limit(&self) -> Duration {
        self.settings.queue_wait + Duration::from_secs(30)
    }

    async fn run(&self) -> Vec<Finding> {
        let began = self.clock.monotonic();
        let hashed = self.hasher.hash(&Origin::default(), &Password::new("correct horse battery")).await;
        let took = self.clock.monotonic().saturating_sub(began);
        vec![match hashed {
            Ok(_) => judge(self.settings, took, self.host.memory_limit()),
            Err(error) => Finding::fail(
                NAME,
                error.to_string(),
                "users cannot log in with a password",
                "raise security.password.queue_wait, or give the service more processor time",
            ),
        }]
    }
}

fn judge(settings: HashSettings, took: Duration, memory_limit: Option<u64>) -> Finding {
    let HashSettings { memory_kib, iterations, workers, queue_wait } = settings;
    let memory = u64::from(memory_kib) * 1024 * workers as u64;
    let mib = |bytes: u64| bytes.div_ceil(1024 * 1024);
    let measured = format!(
        "{} ms per hash; {memory_kib} KiB, {iterations} iterations, {workers} at once: {} MiB",
        took.as_millis(),
        mib(memory)
    );
    if !is_strong_hash(memory_kib, iterations) {
        return Finding::warn(
            NAME,
            measured,
            "passwords can be guessed fast from stolen hashes (OWASP Password Storage Cheat Sheet)",
            "raise security.password.memory_kib to 19456 and security.password.iterations to 2, or more",
        );
    }
    if let Some(limit) = memory_limit.filter(|limit| memory > limit / 2) {
        return Finding::fail(
            NAME,
            format!("{measured}, of a memory limit of {} MiB", mib(limit)),
            "a flood of log-ins makes the kernel end the process",
            "raise the memory limit of the container or unit, or lower security.password.workers",
        );
    }
    if took > queue_wait {
        return Finding::warn(
            NAME,
            measured,
            "a hash takes longer than security.password.queue_wait, so of two log-ins at once one is refused",
            "give the service faster or more cores, or lower security.password.iterations",
        );
    }
    Finding::ok(NAME, measured)
}

#[cfg(test)]
mod tests {
    use super::super::finding::FindingState::{Fail, Ok, Warn};
    use super::*;

    #[test]
    fn a_hash_is_strong_fits_the_memory_and_is_fast_enough() {
        let wait = Duration::from_secs(1);
        let settings = |memory_kib| HashSettings { memory_kib, iterations: 2, workers: 4, queue_wait: wait };
        let mib = |count: u64| Some(count * 1024 * 1024);
        for (memory_kib, took, limit, state) in [
            (19_456, 20, None, Ok),
            (19_456, 20, mib(200), Ok),
            (19_456, 20, mib(100), Fail),
            (19_456, 1_001, None, Warn),
            (8, 1, None, Warn),
        ] {
            let finding = judge(settings(memory_kib), Duration::from_millis(took), limit);
            assert_eq!(finding.state, state, "{finding:?}");
        }
    }
}
