use serde_json::Value;

use super::walk::components;

/// The enums that may grow in a later version.
const GROWING: [&str; 4] = ["FieldCode", "HealthState", "HealthStatus", "ProblemCode"];

/// Writes the words of an enum that may grow as `x-extensible-enum`, so that a generated client accepts a
/// word that it does not know yet.
pub fn apply(document: &mut Value) {
    for (name, schema) in components(document) {
        if let (true, Some(schema)) = (GROWING.contains(&name.as_str()), schema.as_object_mut()) {
            let words = schema.shift_remove("enum").unwrap_or_default();
            schema.insert("pattern".to_owned(), "^[a-z][a-z_]*$".into());
            schema.insert("maxLength".to_owned(), 64.into());
            schema.insert("x-extensible-enum".to_owned(), words);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_unknown_word_is_valid_where_more_may_come() {
        let closed = json!({ "type": "string", "enum": ["user"] });
        let open = json!({ "type": "string", "enum": ["internal"] });
        let mut document =
            json!({ "components": { "schemas": { "ProblemCode": open, "Role": closed.clone() } } });
        apply(&mut document);
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["Role"], closed);
        assert_eq!(schemas["ProblemCode"]["x-extensible-enum"], json!(["internal"]));
        assert_eq!(schemas["ProblemCode"].get("enum"), None);
    }
}
