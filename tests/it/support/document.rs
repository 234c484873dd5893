//! Checks answers against the OpenAPI document, which must describe every answer completely.

use std::sync::LazyLock;

use reqwest::Method;
use serde_json::Value;

use super::client::Answer;

/// The document, as `/openapi.json` returns it.
pub static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&svc::api::openapi_document()).unwrap());

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
            || ["/openapi.json", "/docs", "/redoc", "/account/"].iter().any(|page| path.starts_with(page));
        assert!(answer.status >= 400 || is_page, "no operation of the document: {shown}");
        return;
    };
    let response = &operation["responses"][answer.status.to_string()];
    assert!(response.is_object(), "not documented: {shown}");
    let headers = response["headers"].as_object().into_iter().flatten();
    for (name, _) in headers.filter(|(_, header)| header["required"] == true) {
        assert!(!answer.header(name).is_empty(), "the header {name} is missing: {shown}");
    }
    if answer.status >= 400 && !answer.bytes.is_empty() {
        let code = answer.json()["code"].as_str().unwrap().to_owned();
        let examples = &response["content"]["application/problem+json"]["examples"];
        assert!(examples[&code].is_object(), "the code is not documented: {shown}");
    }
    if method == Method::HEAD {
        return;
    }
    match response["content"].as_object().and_then(|content| content.values().next()) {
        Some(media) => check_value(&media["schema"], &answer.json(), &shown),
        None => assert!(answer.bytes.is_empty(), "a body is not documented: {shown}"),
    }
}

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

/// Checks the parts of JSON Schema that our schemas use: the type, `enum`, every required member and no
/// unknown one.
fn check_value(schema: &Value, value: &Value, shown: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.strip_prefix('#').unwrap();
        return check_value(DOCUMENT.pointer(pointer).unwrap(), value, shown);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        check_value(part, value, shown);
    }
    let fits = match schema["type"].as_str() {
        _ if value.is_null() => schema["nullable"] == true,
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        other => other.is_none(),
    };
    assert!(fits, "{value} does not fit {schema}: {shown}");
    if let Some(words) = schema["enum"].as_array() {
        assert!(words.contains(value), "{value} is none of {words:?}: {shown}");
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
