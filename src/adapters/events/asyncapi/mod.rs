//! The AsyncAPI document of all events.
//!
//! **Here**: what it says about each type and its data (`types`), the rest of the document (`document`), and
//! the values of its examples (`sample`).
//!
//! **May use**: `domain`, `serde_json`, and the names of RabbitMQ.
//!
//! **To add a type**: its arm in `types`, and a schema there if its data has another shape than all others.

mod document;
mod sample;
mod types;

pub use self::document::{EventPlace, document};
