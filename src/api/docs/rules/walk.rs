use serde_json::{Map, Value};

/// A schema, or another object of the document.
pub type Object = Map<String, Value>;

/// The members of a schema that are schemas, or lists or maps of schemas.
const ONE: [&str; 2] = ["items", "additionalProperties"];
const MANY: [&str; 4] = ["properties", "allOf", "anyOf", "oneOf"];
/// Members whose content only looks like a part of the document.
const SAMPLES: [&str; 3] = ["example", "examples", "x-codeSamples"];

/// Visits every schema of the document, inner ones before the schema that has them.
pub fn each_schema(document: &mut Value, visit: &mut dyn FnMut(&mut Object)) {
    for (_, schema) in components(document) {
        in_schema(schema, visit);
    }
    if let Some(paths) = document.get_mut("paths") {
        in_part(paths, visit);
    }
}

/// The schemas with a name.
pub fn components(document: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    schemas.into_iter().flatten()
}

/// Visits every operation: its path, its method and the operation.
pub fn each_operation(document: &mut Value, mut visit: impl FnMut(&str, &str, &mut Object)) {
    for (path, methods) in document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten() {
        for (method, operation) in methods.as_object_mut().into_iter().flatten() {
            if let Some(operation) = operation.as_object_mut() {
                visit(path, method, operation);
            }
        }
    }
}

fn in_part(part: &mut Value, visit: &mut dyn FnMut(&mut Object)) {
    match part {
        Value::Object(members) => {
            for (name, member) in members {
                if name == "schema" {
                    in_schema(member, visit);
                } else if !SAMPLES.contains(&name.as_str()) {
                    in_part(member, visit);
                }
            }
        }
        Value::Array(parts) => parts.iter_mut().for_each(|part| in_part(part, visit)),
        _ => {}
    }
}

fn in_schema(schema: &mut Value, visit: &mut dyn FnMut(&mut Object)) {
    let Some(schema) = schema.as_object_mut() else { return };
    for name in ONE {
        if let Some(inner) = schema.get_mut(name) {
            in_schema(inner, visit);
        }
    }
    for name in MANY {
        match schema.get_mut(name) {
            Some(Value::Object(inner)) => inner.values_mut().for_each(|inner| in_schema(inner, visit)),
            Some(Value::Array(inner)) => inner.iter_mut().for_each(|inner| in_schema(inner, visit)),
            _ => {}
        }
    }
    visit(schema);
}
