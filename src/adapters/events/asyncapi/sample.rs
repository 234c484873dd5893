//! Values for the examples of the document.

use serde_json::{Map, Value, json};

/// The values of members by name, where the schema alone would give a meaningless one.
const MEMBERS: [(&str, &str); 13] = [
    ("email", "\"ada@example.com\""),
    ("new_email", "\"ada@example.org\""),
    ("name", "\"Ada Lovelace\""),
    ("locale", "\"en\""),
    ("language", "\"en\""),
    ("traceparent", "\"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\""),
    ("tracestate", "\"vendor=t61rcWkgMzE\""),
    ("correlationid", "\"01a20435-b7f5-756f-b554-643500926242\""),
    ("source", "\"https://auth.example.com\""),
    ("network", "\"203.0.113.0/24\""),
    ("user_id", "null"),
    ("key_id", "\"oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U\""),
    ("reason", "\"logged_out\""),
];

/// Returns a value that is valid under a schema, with all members of an object.
pub(super) fn sample(schema: &Value, schemas: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        return sample(&schemas[name], schemas);
    }
    if let Some(value) = schema.get("const").or_else(|| schema.get("enum")?.get(0)) {
        return value.clone();
    }
    let is = |name: &str| schema["type"] == name || schema["type"].get(0).is_some_and(|first| first == name);
    if is("object") {
        let members = schema["properties"].as_object().into_iter().flatten();
        let member = |(name, schema): (&String, &Value)| {
            let known = MEMBERS.iter().find(|(known, _)| known == name);
            let known = known.and_then(|(_, value)| serde_json::from_str(value).ok());
            let may_be_null = schema["type"].as_array().is_some_and(|types| types.contains(&json!("null")));
            let known = known.filter(|value: &Value| may_be_null || !value.is_null());
            let given = schema.pointer("/examples/0").cloned();
            (name.clone(), given.or(known).unwrap_or_else(|| sample(schema, schemas)))
        };
        // The operator is there only if one caused the event.
        return members.filter(|(name, _)| *name != "operator").map(member).collect::<Map<_, _>>().into();
    }
    match schema["format"].as_str() {
        Some("uuid") => json!("01990000-0000-7000-8000-000000000001"),
        Some("date-time") => json!("2026-11-22T19:56:47.506621Z"),
        Some("email") => json!("ada@example.com"),
        _ if is("boolean") => json!(true),
        _ if is("integer") => schema["minimum"].clone(),
        _ => json!("text"),
    }
}
