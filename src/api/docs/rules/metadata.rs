use serde_json::{Value, json};

use super::walk::{components, each_schema};

/// The component of objects with members of any name.
const NAME: &str = "Metadata";

/// Refers to one component wherever an object with members of any name is written out, and writes the schema
/// of those members as `true`: a generator takes `{}` for an object without members.
pub fn apply(document: &mut Value) {
    let is_there = components(document).any(|(name, _)| name == NAME);
    if !is_there {
        return;
    }
    each_schema(document, &mut |schema| {
        if schema.get("additionalProperties") != Some(&json!({})) {
            return;
        }
        let description = schema.shift_remove("description");
        let is_nullable = schema.get("nullable") == Some(&Value::Bool(true));
        schema.clear();
        let reference = json!(format!("#/components/schemas/{NAME}"));
        if is_nullable {
            schema.insert("anyOf".to_owned(), json!([{ "$ref": reference }, { "type": "null" }]));
        } else {
            schema.insert("$ref".to_owned(), reference);
        }
        schema.extend(description.map(|text| ("description".to_owned(), text)));
    });
    for (_, schema) in components(document).filter(|(name, _)| *name == NAME) {
        // It was replaced by a reference to itself.
        let description = schema["description"].clone();
        *schema = json!({ "type": "object", "description": description, "additionalProperties": true });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_with_any_members_is_one_component() {
        let any = json!({ "type": "object", "description": "Data", "additionalProperties": {} });
        let mut nullable = any.clone();
        nullable["nullable"] = json!(true);
        let mut document = json!({ "components": { "schemas": {
            "Metadata": any.clone(),
            "A": { "type": "object", "properties": { "one": any, "other": nullable } },
        } } });
        apply(&mut document);
        let schemas = &document["components"]["schemas"];
        let reference = "#/components/schemas/Metadata";
        let expected = json!({ "type": "object", "description": "Data", "additionalProperties": true });
        assert_eq!(schemas["Metadata"], expected);
        let members = &schemas["A"]["properties"];
        assert_eq!(members["one"], json!({ "$ref": reference, "description": "Data" }));
        let choices = json!([{ "$ref": reference }, { "type": "null" }]);
        assert_eq!(members["other"], json!({ "anyOf": choices, "description": "Data" }));
    }
}
