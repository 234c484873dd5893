//! RabbitMQ.

use std::sync::Arc;

use secrecy::SecretString;

use crate::adapters::events::amqp::{Amqp, AmqpSettings};
use crate::config::{QueueUrl, Settings};

/// Returns `None` if events stay within the database.
pub(super) fn build_broker(settings: &Settings) -> Option<Arc<Amqp>> {
    let QueueUrl::Amqp(url) = &settings.queue.url else { return None };
    let (user, password) = url.login();
    Some(Arc::new(Amqp::new(&AmqpSettings {
        nodes: url.addresses(),
        is_encrypted: url.is_encrypted(),
        user: user.to_owned(),
        password: SecretString::from(password),
        vhost: url.vhost.clone(),
        namespace: settings.queue.namespace.clone(),
        source: settings.server.public_url.clone(),
    })))
}
