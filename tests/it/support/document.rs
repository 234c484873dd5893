//! Holds answers against the OpenAPI document: it has to foresee every one.

use std::sync::LazyLock;

use reqwest::Method;
use serde_json::Value;

use super::client::Answer;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&svc::api::openapi_document()).unwrap());

/// Panics unless the answer is one that the document shows for the operation. What is no operation has to be
/// refused as a problem all the same.
#[track_caller]
pub fn check(method: &Method, path: &str, answer: &Answer) {
    let shown = format!("{method} {path} -> {} {}", answer.status, String::from_utf8_lossy(&answer.bytes));
    assert!(answer.status != 500, "no input may yield this: {shown}");
    if answer.status >= 400 {
        check_problem(answer, &shown);
    }
    let Some(operation) = operation(method, path) else { return };
    let response = &operation["responses"][answer.status.to_string()];
    assert!(response.is_object(), "not documented: {shown}");
    if answer.status >= 400 {
        let code = answer.json()["code"].as_str().unwrap().to_owned();
        let examples = &response["content"]["application/problem+json"]["examples"];
        assert!(examples[&code].is_object(), "the code is not documented: {shown}");
    } else if let Some(name) = response["content"]
        .as_object()
        .and_then(|content| content.values().next())
        .and_then(|media| media["schema"]["$ref"].as_str())
        .and_then(|reference| reference.rsplit('/').next())
    {
        check_object(&DOCUMENT["components"]["schemas"][name], &answer.json(), &shown);
    }
}

fn check_problem(answer: &Answer, shown: &str) {
    assert_eq!(answer.header("content-type"), "application/problem+json", "{shown}");
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status, "{shown}");
    assert_eq!(problem["request_id"], answer.header("x-request-id"), "{shown}");
    check_object(&DOCUMENT["components"]["schemas"]["Problem"], &problem, shown);
    let challenged = answer.header("www-authenticate").starts_with("Bearer");
    assert_eq!(answer.status == 401, challenged, "{shown}");
    assert_eq!(answer.status == 503, !answer.header("retry-after").is_empty(), "{shown}");
}

/// Every required member is there, and none that the schema does not name.
fn check_object(schema: &Value, object: &Value, shown: &str) {
    let properties = schema["properties"].as_object().unwrap();
    for name in object.as_object().unwrap().keys() {
        assert!(properties.contains_key(name), "the member {name} is not documented: {shown}");
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(object.get(name.as_str().unwrap()).is_some(), "{name} is missing: {shown}");
    }
}

fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let method = if method == Method::HEAD { "get".to_owned() } else { method.as_str().to_lowercase() };
    let paths = DOCUMENT["paths"].as_object().unwrap();
    // `/users/me` is also of the form `/users/{id}`, so what matches to the letter goes first.
    let found = paths
        .get(path)
        .or_else(|| paths.iter().find(|(template, _)| matches(template, path)).map(|(_, item)| item));
    found?.get(method)
}

fn matches(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template.zip(path).all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
}
