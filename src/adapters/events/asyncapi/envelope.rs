//! The schema of the envelope.

use serde_json::{Value, json};

use crate::adapters::events::data::schema::{described, object, uuid};

pub(super) fn envelope() -> Value {
    let mut envelope = object(
        "Envelope",
        "A CloudEvent 1.0.",
        &json!({
            "specversion": { "const": "1.0" },
            "id": uuid(),
            "source": { "type": "string", "format": "uri-reference" },
            "type": { "type": "string" },
            "subject": described(uuid(), "ID of what the event is about: in most cases the user; for the ban of a network, the ID of the ban; for a signing key, a UUID that is derived from its ID; for a replay of one event, its ID; for another replay or a deletion of dead letters, the ID of this event."),
            "time": { "type": "string", "format": "date-time" },
            "datacontenttype": { "const": "application/json" },
            "data": {
                "type": "object",
                "properties": { "operator": described(
                    json!({ "type": "string" }),
                    "Operating system's user who caused the event on the command line; absent otherwise.",
                ) },
            },
        }),
    );
    // Added here because they are not required.
    envelope["properties"]["correlationid"] = described(
        json!({ "type": "string", "minLength": 1, "maxLength": 128 }),
        "ID of the request that caused the event (`X-Request-Id`), if a request did.",
    );
    envelope["properties"]["tracestate"] = described(
        json!({ "type": "string", "maxLength": 512 }),
        "What the systems of the trace say about it (W3C Trace Context), if the request had it.",
    );
    envelope["properties"]["traceparent"] = described(
        json!({ "type": "string", "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$" }),
        "Trace context of the request that caused the event, if it had one (W3C Trace Context).",
    );
    envelope
}
