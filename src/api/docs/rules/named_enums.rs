use serde_json::{Value, json};

use super::walk::{Object, components, each_schema};

/// Refers to the component with the same words wherever an enum is written out, as in a query parameter.
/// Otherwise a generator makes up a name, and another type for each place.
///
/// An enum of a member that has no component yet becomes one, with the name and the description of the
/// member. Panics if two enums would have the same name: the document is the same for every installation, so
/// a test sees it.
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
            let component = json!({
                "type": written["type"], "enum": written["enum"], "description": written["description"],
            });
            let name = format!("{}{rest}", first.to_ascii_uppercase());
            let known = new.entry(name.clone()).or_insert_with(|| component.clone());
            assert!(known["enum"] == component["enum"], "two enums would have the name {name}");
        }
    }
    let known: Vec<_> = components(document).map(|(_, schema)| schema["enum"].clone()).collect();
    new.retain(|_, schema| !known.contains(&schema["enum"]));
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        let taken = new.keys().find(|name| schemas.contains_key(*name));
        assert!(taken.is_none(), "a component has the name of the enum {taken:?}");
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
        let (words, about) = (["bearer", "cookie"], "How the tokens travel");
        let member = json!({ "type": "string", "enum": words, "nullable": true, "description": about });
        let body = json!({ "properties": { "transport": member } });
        let mut document = json!({ "components": { "schemas": { "Body": body } } });
        apply(&mut document);
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["Transport"], json!({ "type": "string", "enum": words, "description": about }));
        let choices = json!([{ "$ref": "#/components/schemas/Transport" }, { "type": "null" }]);
        assert_eq!(schemas["Body"]["properties"]["transport"]["anyOf"], choices);
    }

    #[test]
    #[should_panic(expected = "two enums would have the name Kind")]
    fn two_enums_with_one_name_are_refused() {
        let body =
            |words: [&str; 2]| json!({ "properties": { "kind": { "type": "string", "enum": words } } });
        let schemas = json!({ "One": body(["a", "b"]), "Two": body(["c", "d"]) });
        apply(&mut json!({ "components": { "schemas": schemas } }));
    }

    #[test]
    #[should_panic(expected = "a component has the name of the enum Some(\"Kind\")")]
    fn an_enum_with_the_name_of_a_component_is_refused() {
        let body = json!({ "properties": { "kind": { "type": "string", "enum": ["a", "b"] } } });
        apply(&mut json!({ "components": { "schemas": { "Body": body, "Kind": { "type": "object" } } } }));
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
