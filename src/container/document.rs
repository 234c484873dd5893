//! What the OpenAPI and AsyncAPI documents say about an installation.

use crate::adapters::events::cloud_events::{EventPlace, document};
use crate::api::{DocumentSettings, lazy_document};
use crate::config::{QueueUrl, Settings};

/// Where an installation with these settings publishes its events.
#[must_use]
pub fn event_place(settings: &Settings) -> EventPlace {
    let Settings { server, queue, .. } = settings;
    let vhost = match &queue.url {
        QueueUrl::Database => None,
        QueueUrl::Amqp(url) => Some(url.vhost.clone()),
    };
    EventPlace { source: server.public_url.clone(), namespace: queue.namespace.clone(), vhost }
}

/// What the OpenAPI document says about an installation with these settings.
#[must_use]
pub fn document_settings(settings: &Settings) -> DocumentSettings {
    let Settings { server, security, limits, .. } = settings;
    let place = event_place(settings);
    DocumentSettings {
        public_url: server.public_url.clone(),
        password_policy: security.password.policy,
        asyncapi: lazy_document(move || document(&place)),
        audiences: security.token.audience.all().map(|audience| audience.as_str().to_owned()).collect(),
        body_bytes: limits.body_bytes,
        is_plain_loopback: server.is_plain_loopback(),
    }
}
