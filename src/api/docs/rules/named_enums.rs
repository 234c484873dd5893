use serde_json::{Value, json};

use super::walk::{Object, components, each_schema};

/// Refers to the component with the same words wherever an enum is written out, as in a query parameter.
/// Otherwise a generator makes up a name, and another type for each place.
///
/// An enum of a member that has no component yet becomes one, with the name of the member.
pub fn apply(document: &mut Value) {
    name_members(document);
    let is_enum = |schema: &Value| schema.get("enum").is_some();
    let named: Vec<_> = components(document)
        .filter(|(_, schema)| is_enum(schema))
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect();
    each_schema(document, &mut |schema| refer(schema, &named));
    // Each of them was replaced by a reference to itself.
    for (name, schema) in components(document) {
        if let Some((_, written)) = named.iter().find(|(known, _)| known == name) {
            schema.clone_from(written);
        }
    }
}

fn name_members(document: &mut Value) {
    let mut new = Object::new();
    for (_, schema) in components(document) {
        let members = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        for (member, written) in members.filter(|(_, written)| written.get("enum").is_some()) {
            let (first, rest) = member.split_at(1);
            let component = json!({ "type": written["type"], "enum": written["enum"] });
            new.insert(format!("{}{rest}", first.to_ascii_uppercase()), component);
        }
    }
    let known: Vec<_> = components(document).map(|(_, schema)| schema["enum"].clone()).collect();
    new.retain(|_, schema| !known.contains(&schema["enum"]));
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        schemas.extend(new);
        schemas.sort_keys();
    }
}

fn refer(schema: &mut Object, named: &[(String, Value)]) {
    let Some(words) = schema.get("enum") else { return };
    if let Some((name, _)) = named.iter().find(|(_, known)| known["enum"] == *words) {
        let description = schema.shift_remove("description");
        let is_nullable = schema.get("nullable") == Some(&Value::Bool(true));
        schema.clear();
        let reference = json!(format!("#/components/schemas/{name}"));
        if is_nullable {
            schema.insert("anyOf".to_owned(), json!([{ "$ref": reference }, { "type": "null" }]));
        } else {
            schema.insert("$ref".to_owned(), reference);
        }
        schema.extend(description.map(|text| ("description".to_owned(), text)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enum_of_one_member_gets_a_name() {
        let member = json!({ "type": "string", "enum": ["bearer", "cookie"], "nullable": true });
        let body = json!({ "properties": { "transport": member } });
        let mut document = json!({ "components": { "schemas": { "Body": body } } });
        apply(&mut document);
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["Transport"], json!({ "type": "string", "enum": ["bearer", "cookie"] }));
        let choices = json!([{ "$ref": "#/components/schemas/Transport" }, { "type": "null" }]);
        assert_eq!(schemas["Body"]["properties"]["transport"]["anyOf"], choices);
    }

    #[test]
    fn an_enum_is_written_out_once() {
        let role = json!({ "type": "string", "enum": ["user", "admin"] });
        let mut written = role.clone();
        written["description"] = "Which.".into();
        let mut document = json!({
            "components": { "schemas": { "Body": { "properties": { "role": written } }, "Role": role.clone() } },
            "paths": { "/x": { "get": { "parameters": [{ "schema": role.clone() }] } } },
        });
        apply(&mut document);
        let (schemas, paths) = (&document["components"]["schemas"], &document["paths"]);
        let reference = json!({ "$ref": "#/components/schemas/Role", "description": "Which." });
        assert_eq!(schemas["Body"]["properties"]["role"], reference);
        assert_eq!(paths["/x"]["get"]["parameters"][0]["schema"]["$ref"], reference["$ref"]);
        assert_eq!(schemas["Role"], role);
    }
}
