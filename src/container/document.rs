//! What the OpenAPI document says about an installation.

use crate::api::DocumentSettings;
use crate::config::Settings;

/// What the OpenAPI document says about an installation with these settings.
#[must_use]
pub fn document_settings(settings: &Settings) -> DocumentSettings {
    let Settings { server, security, limits, .. } = settings;
    DocumentSettings {
        public_url: server.public_url.clone(),
        password_policy: security.password.policy,
        audiences: security.token.audience.all().map(|audience| audience.as_str().to_owned()).collect(),
        body_bytes: limits.body_bytes,
        is_plain_loopback: server.is_plain_loopback(),
    }
}
