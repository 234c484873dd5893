use serde_json::{Value, json};

use super::walk::{Object, each_schema};

/// Writes a reference with a description of its own as `{$ref, description}`, which 3.1 allows. In 3.0 it is
/// `allOf: [{$ref}, {description}]`; some generators drop a schema with an `allOf` member that has no type.
pub fn apply(document: &mut Value) {
    each_schema(document, &mut plain);
}

fn plain(schema: &mut Object) {
    let Some(parts) = schema.get("allOf").and_then(Value::as_array) else { return };
    let is_typed = |part: &Value| part.get("type").is_some() || part.get("properties").is_some();
    let references = parts.iter().filter(|part| part.get("$ref").is_some()).count();
    if references != 1 || parts.iter().any(is_typed) {
        return;
    }
    let Some(Value::Array(parts)) = schema.shift_remove("allOf") else { return };
    for part in parts {
        schema.extend(part.as_object().cloned().unwrap_or_default());
    }
    // Null is an alternative to the reference, not a property of it.
    if schema.shift_remove("nullable") == Some(true.into()) {
        let reference = schema.shift_remove("$ref").unwrap_or_default();
        schema.insert("anyOf".to_owned(), json!([{ "$ref": reference }, { "type": "null" }]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_keeps_its_description() {
        let mut document = json!({ "components": { "schemas": { "User": { "properties": {
            "role": { "allOf": [{ "$ref": "#/r" }, { "description": "What." }] },
            "boss": { "allOf": [{ "$ref": "#/r" }, { "description": "Who.", "nullable": true }] },
            "both": { "allOf": [{ "$ref": "#/r" }, { "type": "object" }] },
        } } } } });
        apply(&mut document);
        let members = &document["components"]["schemas"]["User"]["properties"];
        assert_eq!(members["role"], json!({ "$ref": "#/r", "description": "What." }));
        let boss = json!({ "description": "Who.", "anyOf": [{ "$ref": "#/r" }, { "type": "null" }] });
        assert_eq!(members["boss"], boss);
        assert!(members["both"]["allOf"].is_array(), "a schema that is made of two stays");
    }
}
