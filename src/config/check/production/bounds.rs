//! How long things may last and how much they may take.

use std::time::Duration;

use super::Facts;

/// OWASP's Password Storage Cheat Sheet: memory in KiB and iterations, each pair as good as the others.
const PASSWORD_COSTS: [(u32, u32); 5] = [(47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5)];

fn longer(duration: Duration, longest: Duration) -> Option<String> {
    (duration > longest).then(|| format!("is {}", humantime::format_duration(duration)))
}

const fn days(days: u64) -> Duration {
    Duration::from_hours(24 * days)
}

/// A stolen access token works until it ends at services that do not ask this one.
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

/// For as long a mailbox that others read gives the account away.
pub(super) fn reset_password(facts: &Facts<'_>) -> Option<String> {
    longer(facts.draft.mail_token?.reset_password, Duration::from_hours(1))
}

pub(super) fn password_cost(facts: &Facts<'_>) -> Option<String> {
    let password = facts.draft.password.as_ref()?;
    let (memory, iterations) = (password.memory_kib, password.iterations);
    let reaches = |&(least, fewest): &(u32, u32)| memory >= least && iterations >= fewest;
    let is_low = !PASSWORD_COSTS.iter().any(reaches);
    is_low.then(|| format!("is {memory} KiB with {iterations} iterations, so stolen hashes are guessed fast"))
}

/// Without limits, passwords are guessed as fast as the service hashes.
pub(super) fn no_limits(facts: &Facts<'_>) -> Option<String> {
    facts.draft.limits.as_ref()?.budgets.is_none().then(|| "is false".to_owned())
}

/// Each connection may have a body in memory.
pub(super) fn body_bytes(facts: &Facts<'_>) -> Option<String> {
    let bytes = facts.draft.limits.as_ref()?.body_bytes;
    (bytes > 1024 * 1024).then(|| format!("is {bytes}"))
}

/// A client that sends nothing holds a connection for as long.
pub(super) fn header_timeout(facts: &Facts<'_>) -> Option<String> {
    longer(facts.draft.limits.as_ref()?.header_timeout, Duration::from_mins(1))
}

pub(super) fn request_timeout(facts: &Facts<'_>) -> Option<String> {
    longer(facts.draft.limits.as_ref()?.request_timeout, Duration::from_mins(5))
}
