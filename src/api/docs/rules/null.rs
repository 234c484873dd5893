use serde_json::{Value, json};

use super::walk::{Object, each_schema};

/// Writes `nullable` of 3.0 as a type of 3.1: `type: [string, "null"]`.
pub fn apply(document: &mut Value) {
    each_schema(document, &mut typed);
}

fn typed(schema: &mut Object) {
    if schema.shift_remove("nullable") != Some(true.into()) {
        return;
    }
    if let Some(kind) = schema.get_mut("type") {
        *kind = json!([kind.take(), "null"]);
    }
    if let Some(words) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        words.push(Value::Null);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_is_a_type() {
        let mut document = json!({ "components": { "schemas": {
            "A": { "type": "string", "nullable": true },
            "B": { "type": "string", "nullable": false },
            "C": { "items": { "type": "string", "enum": ["x"], "nullable": true } },
        } } });
        apply(&mut document);
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["A"], json!({ "type": ["string", "null"] }));
        assert_eq!(schemas["B"], json!({ "type": "string" }));
        assert_eq!(schemas["C"]["items"], json!({ "type": ["string", "null"], "enum": ["x", null] }));
    }
}
