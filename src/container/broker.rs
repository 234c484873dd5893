//! RabbitMQ.

use std::sync::Arc;

use crate::adapters::events::amqp::Amqp;
use crate::config::{QueueUrl, Settings};

/// Returns `None` if events stay within the database.
pub(super) fn build_broker(settings: &Settings) -> Option<Arc<Amqp>> {
    let QueueUrl::Amqp(url) = &settings.queue.url else { return None };
    Some(Arc::new(Amqp::new(url, &settings.queue.namespace, &settings.server.public_url)))
}
