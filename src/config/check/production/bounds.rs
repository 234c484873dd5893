//! Limits of lifetimes and costs.

use std::time::Duration;

use super::facts::Facts;
use crate::domain::is_strong_hash;

fn longer(duration: Duration, longest: Duration) -> Option<String> {
    (duration > longest).then(|| format!("the value is {}", humantime::format_duration(duration)))
}

const fn days(days: u64) -> Duration {
    Duration::from_hours(24 * days)
}

/// At services that do not ask this one, a stolen access token works until it expires.
pub(super) fn access_lifetime(facts: &Facts<'_>) -> Option<String> {
    longer(facts.draft.token.as_ref()?.access_lifetime, Duration::from_hours(1))
}

pub(super) fn refresh_idle(facts: &Facts<'_>) -> Option<String> {
    longer(facts.draft.token.as_ref()?.refresh_idle, days(90))
}

pub(super) fn refresh_absolute(facts: &Facts<'_>) -> Option<String> {
    longer(facts.draft.token.as_ref()?.refresh_absolute, days(365))
}

pub(super) fn verify_email(facts: &Facts<'_>) -> Option<String> {
    longer(facts.draft.mail_token?.verify_email, days(7))
}

/// During this time, a person who reads the user's mailbox can take over the account.
pub(super) fn reset_password(facts: &Facts<'_>) -> Option<String> {
    longer(facts.draft.mail_token?.reset_password, Duration::from_hours(1))
}

pub(super) fn invitation(facts: &Facts<'_>) -> Option<String> {
    longer(facts.draft.mail_token?.invitation, days(7))
}

pub(super) fn password_cost(facts: &Facts<'_>) -> Option<String> {
    let password = facts.draft.password.as_ref()?;
    let (memory, iterations) = (password.memory_kib, password.iterations);
    let is_low = !is_strong_hash(memory, iterations);
    is_low.then(|| format!("the value is {memory} KiB with {iterations} iterations, so passwords can be guessed fast from stolen hashes"))
}

/// Without limits, passwords can be guessed as fast as the service hashes.
pub(super) fn no_limits(facts: &Facts<'_>) -> Option<String> {
    facts.draft.limits.as_ref()?.budgets.is_none().then(|| "rate limits are disabled".to_owned())
}

/// Each connection can hold a body in memory.
pub(super) fn body_bytes(facts: &Facts<'_>) -> Option<String> {
    let bytes = facts.draft.limits.as_ref()?.body_bytes;
    (bytes > 1024 * 1024).then(|| format!("the value is {bytes}"))
}

/// A client that sends nothing keeps its connection this long.
pub(super) fn header_timeout(facts: &Facts<'_>) -> Option<String> {
    longer(facts.draft.limits.as_ref()?.header_timeout, Duration::from_mins(1))
}

pub(super) fn request_timeout(facts: &Facts<'_>) -> Option<String> {
    longer(facts.draft.limits.as_ref()?.request_timeout, Duration::from_mins(5))
}
