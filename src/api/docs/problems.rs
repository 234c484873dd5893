//! Problems in the OpenAPI document.

use poem::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::api::problem::{
    Code, FieldCode, MOST_ERRORS, Occasion, PROBLEM_JSON, Problem, RATE_LIMIT_HEADERS,
};

/// The id of the request in an example.
const REQUEST_ID: &str = "0198f3a2-6c1b-7d44-8e5a-3f2b1c0d9e8f";

/// The response of an operation for these codes, which share a status.
pub fn response(codes: &[Code], occasion: Occasion<'_>) -> Value {
    let lines: Vec<_> = codes.iter().map(|code| format!("`{}`: {}", code.as_str(), code.title())).collect();
    let examples = codes.iter().flat_map(|code| Problem::examples(*code, occasion));
    let written = |problem: Problem| json!({ "value": problem.document(REQUEST_ID) });
    let examples: Map<_, _> = examples.map(|(name, problem)| (name.to_owned(), written(problem))).collect();
    let mut response = json!({
        "description": lines.join("; "),
        "content": { PROBLEM_JSON: { "schema": { "$ref": "#/components/schemas/Problem" }, "examples": examples } },
    });
    // A ban may have no end, and other rejections with its status have no such header.
    let required = codes.first().is_some_and(|code| code.status() != StatusCode::FORBIDDEN);
    for (name, about, kind) in codes.first().map(|code| headers(code.status())).unwrap_or_default() {
        response["headers"][name] =
            json!({ "description": about, "required": required, "schema": { "type": kind } });
    }
    response
}

/// The headers of all responses with a status: their names, descriptions and JSON types.
fn headers(status: StatusCode) -> &'static [(&'static str, &'static str, &'static str)] {
    match status {
        StatusCode::UNAUTHORIZED => {
            &[("WWW-Authenticate", "`Bearer`, with the error of the token (RFC 6750)", "string")]
        }
        StatusCode::FORBIDDEN => {
            &[("Retry-After", "Seconds until the ban ends, if it has an end", "integer")]
        }
        StatusCode::TOO_MANY_REQUESTS => RATE_LIMIT_HEADERS,
        StatusCode::SERVICE_UNAVAILABLE => &[("Retry-After", "Seconds to wait", "integer")],
        _ => &[],
    }
}

/// The schemas of all problems, by name.
pub fn schemas() -> [(&'static str, Value); 4] {
    let text = |about: &str| json!({ "type": "string", "description": about });
    let reference = |name: &str, about: &str| json!({ "$ref": format!("#/components/schemas/{name}"), "description": about });
    let words =
        |about: &str, words: Vec<&str>| json!({ "type": "string", "enum": words, "description": about });
    let problem = json!({
        "type": "object",
        "description": "Why a request was rejected (RFC 9457).",
        "required": ["type", "title", "status", "detail", "code", "request_id"],
        "properties": {
            "type": { "type": "string", "format": "uri", "description": "Identifies the kind of problem." },
            "title": text("A summary, the same for every problem of this kind."),
            "status": {
                "type": "integer", "format": "int32", "minimum": 400, "maximum": 599,
                "description": "The HTTP status of the response.",
            },
            "detail": text("An explanation of this occurrence, for people."),
            "code": reference("ProblemCode", "The kind of problem, for programs."),
            "request_id": text("Identifies the request in the log; also in the header `X-Request-Id`."),
            "errors": {
                "type": "array",
                "description": format!("The invalid values, up to {MOST_ERRORS} of them."),
                "items": { "$ref": "#/components/schemas/FieldError" },
            },
        },
    });
    let error = json!({
        "type": "object",
        "description": "An invalid value in a request.",
        "required": ["pointer", "code", "detail"],
        "properties": {
            "pointer": text("Position of the value: a JSON pointer into the body (RFC 6901), or `/` and a parameter."),
            "code": reference("FieldCode", "What is wrong, for programs."),
            "detail": text("What is wrong, for people."),
        },
    });
    let code = words("The kind of a problem.", Code::ALL.iter().map(|code| code.as_str()).collect());
    let field =
        words("What is wrong with a value.", FieldCode::ALL.iter().map(|code| code.as_str()).collect());
    [("Problem", problem), ("FieldError", error), ("ProblemCode", code), ("FieldCode", field)]
}
