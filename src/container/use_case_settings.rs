//! The part of the settings that use cases need.

use std::sync::Arc;
use std::time::Duration;

use crate::config::{Settings, TokenSettings};
use crate::domain::{Network, SessionLifetimes};
use crate::usecases::UseCaseSettings;

/// The settings that use cases need, with the names of the handlers and the longest pause before a request
/// for a mail is answered.
pub(super) fn use_case_settings(
    settings: &Settings,
    handler_names: Arc<[&'static str]>,
    longest_pause: Duration,
) -> UseCaseSettings {
    let (security, token) = (&settings.security, &settings.security.token);
    UseCaseSettings {
        lifetimes: lifetimes(token),
        sessions_per_user: security.sessions_per_user,
        mailed: security.mail_token,
        trusted_proxies: proxies(settings),
        handler_names,
        rotate_every: token.rotate_every,
        audiences: token.audience.clone(),
        user_claims: token.claims.clone(),
        longest_pause,
        include_metadata: settings.events.include_metadata,
        registration_mode: settings.registration.mode,
        reveal_existing: settings.registration.reveal_existing,
    }
}

fn proxies(settings: &Settings) -> Arc<[Network]> {
    settings.server.trusted_proxies.iter().copied().map(Network::of).collect()
}

fn lifetimes(token: &TokenSettings) -> SessionLifetimes {
    let (idle, absolute, grace) = (token.refresh_idle, token.refresh_absolute, token.refresh_grace);
    SessionLifetimes { idle, absolute, grace }
}
