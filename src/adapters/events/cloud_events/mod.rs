//! Events as others see them: CloudEvents 1.0 in its JSON form (`application/cloudevents+json`).
//!
//! **Here**: the envelope, and `asyncapi`, the document that describes it and each type's data.
//!
//! **May use**: `ports`, `domain`, serde.
//!
//! **To add a type**: a variant of the domain's `EventKind`, its data in `event_json`, a line in `asyncapi`, and a sample
//! in `tests/it/golden/events.rs`, which is held against the document.

use serde_json::{Value, json};

pub use super::asyncapi::{document, types};

use crate::ports::events::StoredEvent;

/// The event in its envelope. `source` is where the service is reached. `None` when what is stored as data is not JSON.
#[must_use]
pub fn envelope(source: &str, event: &StoredEvent) -> Option<Value> {
    let data: Value = serde_json::from_str(&event.data).ok()?;
    let mut envelope = json!({
        "specversion": "1.0",
        "id": event.id.to_string(),
        "source": source,
        "type": event.type_name,
        "subject": event.subject.to_string(),
        "time": event.at.to_string(),
        "datacontenttype": "application/json",
    });
    // The distributed tracing extension: an attribute without a value is left out.
    if let Some(trace) = event.trace {
        envelope["traceparent"] = json!(trace.to_string());
    }
    envelope["data"] = data;
    Some(envelope)
}
