//! The data of events about signing keys.

use serde_json::{Value, json};

use super::schema::{described, object};
use crate::domain::KeyFacts;

pub(super) fn data(key: &KeyFacts) -> Value {
    json!({
        "key_id": key.id.0,
        "algorithm": key.algorithm.as_str(),
        "compromised": key.compromised,
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
        "version": described(
            json!({ "type": "integer", "minimum": 1, "maximum": 4 }),
            "Stage of the key: 1 generated, 2 active, 3 retired, 4 removed.",
        ),
    });
    json!({
        "Key": object("Key", "The signing key after the change.", &key),
    })
}
