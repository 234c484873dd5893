//! Problems in the OpenAPI document.

use poem::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::api::problem::{Code, FieldCode, PROBLEM_JSON, RATE_LIMIT_HEADERS};

/// The response for these codes, which share a status.
pub fn response(codes: &[Code]) -> Value {
    let lines: Vec<_> = codes.iter().map(|code| format!("`{}`: {}", code.as_str(), code.title())).collect();
    let examples: Map<_, _> =
        codes.iter().map(|code| (code.as_str().to_owned(), json!({ "value": example(*code) }))).collect();
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

fn example(code: Code) -> Value {
    let mut example = json!({
        "type": code.type_uri(),
        "title": code.title(),
        "status": code.status().as_u16(),
        "detail": "A sentence about this occurrence.",
        "code": code.as_str(),
        "request_id": "0198f3a2-6c1b-7d44-8e5a-3f2b1c0d9e8f",
    });
    if code == Code::ValidationFailed {
        let error = json!({
            "pointer": "/email",
            "code": FieldCode::Missing.as_str(),
            "detail": "this value is required",
        });
        example["errors"] = json!([error]);
    }
    example
}

/// The schema of all problems.
pub fn schema() -> Value {
    let text = |about: &str| json!({ "type": "string", "description": about });
    let codes: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    let field_codes: Vec<_> = FieldCode::ALL.iter().map(|code| code.as_str()).collect();
    json!({
        "type": "object",
        "description": "Why a request was rejected (RFC 9457).",
        "required": ["type", "title", "status", "detail", "code", "request_id"],
        "properties": {
            "type": { "type": "string", "format": "uri", "description": "Identifies the kind of problem." },
            "title": text("A summary, the same for every problem of this kind."),
            "status": { "type": "integer", "format": "int32", "description": "The HTTP status of the response." },
            "detail": text("An explanation of this occurrence, for people."),
            "code": { "type": "string", "enum": codes, "description": "The kind of problem, for programs." },
            "request_id": text("Identifies the request in the log; also in the header `X-Request-Id`."),
            "errors": {
                "type": "array",
                "description": "All invalid values.",
                "items": {
                    "type": "object",
                    "required": ["pointer", "code", "detail"],
                    "properties": {
                        "pointer": text("Position of the value: a JSON pointer into the body (RFC 6901), or `/` and a parameter."),
                        "code": { "type": "string", "enum": field_codes, "description": "What is wrong, for programs." },
                        "detail": text("What is wrong, for people."),
                    },
                },
            },
        },
    })
}
