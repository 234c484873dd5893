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
        "version":
            key.version,
            described(
                json!({ "type": "integer", "minimum": 1, "maximum": 4 }),
                "Stage of the key: 1 generated, 2 active, 3 retired, 4 removed.",
            );
    }
}
