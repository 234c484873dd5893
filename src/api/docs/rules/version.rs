use serde_json::Value;

/// Declares OpenAPI 3.1, whose schemas are those of JSON Schema 2020-12.
pub fn apply(document: &mut Value) {
    document["openapi"] = "3.1.0".into();
}
