//! RabbitMQ.

use std::sync::Arc;

use crate::adapters::events::amqp::Amqp;
use crate::config::{QueueUrl, Settings};
use crate::telemetry::spans::Tracer;

/// Returns `None` if events stay within the database.
pub(super) fn build_broker(settings: &Settings, tracer: &Tracer) -> Option<Arc<Amqp>> {
    let QueueUrl::Amqp(url) = &settings.queue.url else { return None };
    let (namespace, source) = (&settings.queue.namespace, &settings.server.public_url);
    Some(Arc::new(Amqp::new(url, namespace, source, tracer.clone())))
}
