//! Events for other services: CloudEvents 1.0 in its JSON form (`application/cloudevents+json`).
//!
//! **Here**: the envelope, and `asyncapi`, the document that describes it and the data of each type.
//!
//! **May use**: `ports`, `domain`, serde.
//!
//! **To add a type**: a line in the domain's `EventType`, a variant of `EventKind`, its data in `data`, its
//! summary in `asyncapi`, and a sample in `tests/it/golden/events.rs`, which is validated against the
//! document.

use serde_json::{Value, json};

pub use super::asyncapi::{EventPlace, document};

use crate::domain::Cause;
use crate::ports::events::StoredEvent;

/// Returns the event in its envelope. `source` is the public URL of the service. Returns `None` if the stored
/// data is not JSON.
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
    for (name, value) in extensions(&event.cause) {
        envelope[name] = json!(value);
    }
    envelope["data"] = data;
    Some(envelope)
}

/// The extension attributes of an event with this cause: correlation (`correlationid`) and distributed
/// tracing (`traceparent`, `tracestate`). What the cause does not have is absent.
fn extensions(cause: &Cause) -> impl Iterator<Item = (&'static str, String)> {
    let request = cause.request.map(|request| ("correlationid", request.to_string()));
    let trace = cause.trace.map(|trace| ("traceparent", trace.to_string()));
    let state = cause.state.as_ref().map(|state| ("tracestate", state.as_str().to_owned()));
    [request, trace, state].into_iter().flatten()
}
