//! The AsyncAPI document of all events.
//!
//! **Here**: the `document`, the schema of the `envelope`, and the values of the examples (`sample`). The
//! schemas of the data are in `events/data`, and the summaries in `domain/event/kind.rs`.
//!
//! **May use**: `domain`, `serde_json`, and the names of RabbitMQ.

mod document;
mod envelope;
mod sample;

pub use self::document::{EventPlace, document};
