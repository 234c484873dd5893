//! Events outside this process and as text.
//!
//! **Here**: `data`, the facts of an event as JSON; `cloud_events`, the envelope that other services read;
//! `asyncapi`, the document that describes both; `amqp`, RabbitMQ.
//!
//! **May use**: `domain`, `ports`, lapin and `serde_json`.

pub mod amqp;
mod asyncapi;
pub mod cloud_events;
pub(super) mod data;
