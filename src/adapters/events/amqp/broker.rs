use std::sync::Arc;

use async_trait::async_trait;

use super::consumer::Consuming;
use super::error::opened;
use super::place::Place;
use super::publisher::Publisher;
use crate::config::AmqpUrl;
use crate::ports::events::{Intake, NotPublished, Source, SourceError, StoredEvent, Transport};
use crate::telemetry::spans::Tracer;

/// The broker. Events are published to it and consumed from it, and an operator reads its dead letters.
pub struct Amqp {
    pub(super) place: Arc<Place>,
    publisher: Publisher,
}

impl Amqp {
    /// Creates the adapter without connecting. The names at the broker begin with the namespace. Published
    /// CloudEvents have the source: the URL at which the service is reached.
    #[must_use]
    pub fn new(url: &AmqpUrl, namespace: &str, source: &str, tracer: Tracer) -> Self {
        let place = Arc::new(Place::new(url, namespace));
        let publisher = Publisher::new(place.clone(), source.to_owned(), tracer);
        Self { place, publisher }
    }
}

#[async_trait]
impl Transport for Amqp {
    async fn keep_up(&self) {
        self.publisher.keep_up().await;
    }

    fn is_up(&self) -> bool {
        self.publisher.is_up()
    }

    async fn ready(&self) {
        self.publisher.ready().await;
    }

    async fn publish(&self, events: &[StoredEvent]) -> Vec<Result<(), NotPublished>> {
        self.publisher.publish(events).await
    }

    async fn close(&self) {
        self.publisher.close().await;
    }
}

#[async_trait]
impl Source for Amqp {
    async fn open(&self) -> Result<Box<dyn Intake>, SourceError> {
        let intake = opened(Consuming::begin(&self.place)).await?;
        Ok(Box::new(intake))
    }
}
