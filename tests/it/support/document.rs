//! Checks answers against the OpenAPI document, which must describe every answer completely.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::Answer;

/// The document, as `/openapi.json` returns it.
pub static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&svc::api::openapi_document(&"http://svc.test".into())).unwrap());

/// The codes of a 401 that is about the access token, the only ones of an operation that takes one: at a 401
/// a client refreshes or discards its tokens.
pub const TOKEN_CODES: [&str; 3] = ["invalid_token", "session_revoked", "session_expired"];

/// Panics unless the document describes the answer for the operation. A request for no operation must be
/// answered with a problem too.
#[track_caller]
pub fn check(method: &Method, path: &str, answer: &Answer) {
    let shown = format!("{method} {path} -> {} {}", answer.status, String::from_utf8_lossy(&answer.bytes));
    assert!(answer.status != 500, "no input may yield this: {shown}");
    // A head of more than 16 KiB is refused while it is read, before there is a request to answer.
    if answer.status == 431 && answer.bytes.is_empty() {
        return;
    }
    if answer.status >= 400 && method != Method::HEAD {
        check_problem(answer, &shown);
    }
    // The middleware answers it for every path.
    if *method == Method::OPTIONS && answer.status == 204 {
        return;
    }
    let Some(operation) = operation(method, path) else {
        let is_page = path == "/"
            || ["/openapi.json", "/asyncapi.json", "/docs", "/redoc", "/account/"]
                .iter()
                .any(|page| path.starts_with(page));
        assert!(answer.status >= 400 || is_page, "no operation of the document: {shown}");
        return;
    };
    let response = &operation["responses"][answer.status.to_string()];
    assert!(response.is_object(), "not documented: {shown}");
    for (name, header) in response["headers"].as_object().into_iter().flatten() {
        check_header(name, resolved(header), answer, &shown);
    }
    if answer.status == 401 && !answer.bytes.is_empty() && takes_access_token(operation) {
        let code = answer.json()["code"].as_str().unwrap().to_owned();
        assert!(TOKEN_CODES.contains(&&*code), "a 401 that is not about the access token: {shown}");
    }
    if answer.status >= 400 && !answer.bytes.is_empty() {
        let code = answer.json()["code"].as_str().unwrap().to_owned();
        let examples = response["content"]["application/problem+json"]["examples"].as_object().unwrap();
        assert!(examples.contains_key(&code), "the code is not documented: {shown}");
        if SAME_WORDS.contains(&&*code) {
            let mut same = examples.values().filter(|example| example["value"]["code"] == *code);
            let is_example = same.any(|example| example["value"]["detail"] == answer.json()["detail"]);
            assert!(is_example, "the words are those of no example: {shown}");
        }
    }
    if method == Method::HEAD {
        return;
    }
    match response["content"].as_object().and_then(|content| content.values().next()) {
        Some(media) => check_value(&media["schema"], &answer.json(), &shown),
        None => assert!(answer.bytes.is_empty(), "a body is not documented: {shown}"),
    }
}

/// Checks the values of a header, of which only `Set-Cookie` may have several.
fn check_header(name: &str, header: &'static Value, answer: &Answer, shown: &str) {
    let values: Vec<_> = answer.headers.get_all(name).iter().collect();
    assert!(!values.is_empty() || header["required"] != true, "the header {name} is missing: {shown}");
    assert!(values.len() <= 1 || name == "Set-Cookie", "the header {name} is there twice: {shown}");
    for value in values {
        let text = value.to_str().unwrap();
        let value = match header["schema"]["type"].as_str() {
            Some("integer") => json!(text.parse::<i64>().unwrap()),
            _ => json!(text),
        };
        check_value(&header["schema"], &value, &format!("the header {name}: {shown}"));
    }
}

/// Whether a text matches a pattern of the document.
fn matches_pattern(pattern: &str, value: &Value) -> bool {
    static KNOWN: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let validator = {
        let mut known = KNOWN.lock().unwrap();
        let compile = || Arc::new(jsonschema::validator_for(&json!({ "pattern": pattern })).unwrap());
        known.entry(pattern.to_owned()).or_insert_with(compile).clone()
    };
    validator.is_valid(value)
}

/// The codes whose detail is always the same, or one of two.
const SAME_WORDS: [&str; 12] = [
    "account_locked",
    "email_taken",
    "forbidden",
    "headers_too_large",
    "invalid_token",
    "invalid_credentials",
    "last_admin",
    "precondition_failed",
    "request_timeout",
    "session_expired",
    "session_revoked",
    "token_reused",
];

fn check_problem(answer: &Answer, shown: &str) {
    assert_eq!(answer.header("content-type"), "application/problem+json", "{shown}");
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status, "{shown}");
    assert_eq!(problem["request_id"], answer.header("x-request-id"), "{shown}");
    check_value(&DOCUMENT["components"]["schemas"]["Problem"], &problem, shown);
    let challenged = answer.header("www-authenticate").starts_with("Bearer");
    assert_eq!(answer.status == 401, challenged, "{shown}");
    // A ban may have no end.
    if problem["code"] != "banned" {
        assert_eq!([429, 503].contains(&answer.status), !answer.header("retry-after").is_empty(), "{shown}");
    }
}

/// Whether an access token is a way to be authenticated for the operation.
pub fn takes_access_token(operation: &Value) -> bool {
    operation["security"].as_array().unwrap().iter().any(|scheme| scheme.get("bearer").is_some())
}

/// The schema that a reference leads to, or the schema itself.
pub fn resolved(schema: &'static Value) -> &'static Value {
    let schema = schema["anyOf"].as_array().map_or(schema, |choices| &choices[0]);
    let pointer = schema["$ref"].as_str().map(|reference| reference.trim_start_matches('#'));
    pointer.map_or(schema, |pointer| DOCUMENT.pointer(pointer).unwrap())
}

/// Whether null is a value of the schema.
pub fn is_nullable(schema: &Value) -> bool {
    let is_null = |schema: &Value| schema["type"] == "null";
    schema["type"].as_array().is_some_and(|types| types.contains(&json!("null")))
        || schema["anyOf"].as_array().is_some_and(|choices| choices.iter().any(is_null))
}

/// Checks the parts of JSON Schema that our schemas use: the types, the words of an enum, the bounds, the
/// patterns, every required member and no unknown one.
fn check_value(schema: &'static Value, value: &Value, shown: &str) {
    if value.is_null() && is_nullable(schema) {
        return;
    }
    let schema = resolved(schema);
    let is_a = |kind: &Value| match kind.as_str().unwrap() {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        other => panic!("this check does not know {other}"),
    };
    let types = schema["type"].as_array().map_or(std::slice::from_ref(&schema["type"]), Vec::as_slice);
    assert!(types.iter().any(is_a), "{value} does not fit {schema}: {shown}");
    for name in ["enum", "x-extensible-enum"] {
        if let Some(words) = schema[name].as_array() {
            assert!(words.contains(value), "{value} is none of {words:?}: {shown}");
        }
    }
    let size = match value {
        Value::String(text) => Some(("minLength", "maxLength", text.chars().count() as u64)),
        Value::Array(items) => Some(("minItems", "maxItems", items.len() as u64)),
        Value::Number(number) => number.as_u64().map(|number| ("minimum", "maximum", number)),
        _ => None,
    };
    if let Some((least, most, size)) = size {
        assert!(
            schema[least].as_u64().is_none_or(|least| least <= size),
            "{value} is below {schema}: {shown}"
        );
        let is_word = schema["enum"].is_array();
        let fits = schema[most].as_u64().map_or(is_word, |most| size <= most);
        let advice = "a member without a bound gets it in api/docs/rules/bounds.rs";
        assert!(fits, "{value} is above the `{most}` of {schema} ({advice}): {shown}");
    }
    if let Some(pattern) = schema["pattern"].as_str().filter(|_| value.is_string()) {
        assert!(matches_pattern(pattern, value), "{value} does not match {pattern}: {shown}");
    }
    for item in value.as_array().into_iter().flatten() {
        check_value(&schema["items"], item, shown);
    }
    let Some(properties) = schema["properties"].as_object() else { return };
    for (name, member) in value.as_object().into_iter().flatten() {
        let property = properties.get(name);
        assert!(property.is_some(), "the member {name} is not documented: {shown}");
        check_value(&properties[name], member, shown);
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(value.get(name.as_str().unwrap()).is_some(), "{name} is missing: {shown}");
    }
}

fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let method = if method == Method::HEAD { "GET" } else { method.as_str() };
    let paths = DOCUMENT["paths"].as_object().unwrap();
    // `/users/me` also matches `/users/{id}`, so literal matches come first.
    let found = paths
        .get(path)
        .or_else(|| paths.iter().find(|(template, _)| matches(template, path)).map(|(_, item)| item));
    // Methods are case-sensitive (RFC 9110, section 9.1).
    found?
        .as_object()?
        .iter()
        .find(|(known, _)| known.to_uppercase() == method)
        .map(|(_, operation)| operation)
}

fn matches(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template.zip(path).all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
}
