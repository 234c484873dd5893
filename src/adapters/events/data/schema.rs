//! Parts of the schemas.

use serde_json::{Map, Value, json};

/// Returns the schema of an object that has at least these members, all required.
pub(in crate::adapters::events) fn object(title: &str, description: &str, properties: &Value) -> Value {
    let required: Vec<&String> = properties.as_object().into_iter().flat_map(Map::keys).collect();
    json!({
        "title": title,
        "type": "object",
        "description": description,
        "required": required,
        "properties": properties,
    })
}

pub(in crate::adapters::events) fn uuid() -> Value {
    json!({ "type": "string", "format": "uuid" })
}

pub(in crate::adapters::events) fn email() -> Value {
    json!({ "type": "string", "format": "email" })
}

pub(in crate::adapters::events) fn described(mut schema: Value, description: &str) -> Value {
    schema["description"] = json!(description);
    schema
}
