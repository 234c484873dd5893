//! The data of events about signing keys.

use serde_json::{Value, json};

use super::schema::{described, object};
use crate::domain::KeyFacts;

pub(super) fn data(key: &KeyFacts) -> Value {
    json!({
        "key_id": key.id.0,
        "algorithm": key.algorithm.as_str(),
        "compromised": key.compromised,
        "activates_at": key.activates_at.map(|at| at.to_string()),
        "version": key.version,
    })
}

/// The schemas.
pub(super) fn schemas() -> Value {
    let key = json!({
        "key_id": described(json!({ "type": "string" }), "ID of the key: the `kid` of its tokens and in the key set."),
        "algorithm": { "type": "string", "enum": ["ES256", "EdDSA", "RS256"] },
        "compromised": described(
            json!({ "type": "boolean" }),
            "Whether the key was removed because it was compromised.",
        ),
        "activates_at": described(
            json!({ "type": ["string", "null"], "format": "date-time" }),
            "Time at which a pending key becomes active; null if none is planned.",
        ),
        "version": described(
            json!({ "type": "integer", "minimum": 1, "maximum": 5 }),
            "Stage of the key: 1 generated, 2 generated or planned with a time of activation, 3 active, 4 retired, 5 removed.",
        ),
    });
    json!({
        "Key": object("Key", "The signing key after the change.", &key),
    })
}
