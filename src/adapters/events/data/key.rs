use serde_json::json;

use super::event_data::event_data;
use super::schema::described;

event_data! {
    KeyFacts = "Key", "The signing key after the change.", |key| {
        "key_id":
            key.id.0,
            described(json!({ "type": "string" }), "ID of the key: the `kid` of its tokens and in the key set.");
        "algorithm":
            key.algorithm.as_str(),
            json!({ "type": "string", "enum": ["ES256", "EdDSA", "RS256"] });
        "compromised":
            key.compromised,
            described(json!({ "type": "boolean" }), "Whether the key was removed because it was compromised.");
        "activates_at":
            key.activates_at.map(|at| at.to_string()),
            described(
                json!({ "type": ["string", "null"], "format": "date-time" }),
                "Time at which a pending key becomes active; null if none is planned.",
            );
        "version":
            key.version,
            described(
                json!({ "type": "integer", "minimum": 1, "maximum": 5 }),
                "Stage of the key: 1 generated, 2 generated or planned with a time of activation, 3 active, 4 retired, 5 removed.",
            );
    }
}
