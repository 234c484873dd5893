use std::collections::{BTreeMap, HashMap};
use std::marker::PhantomData;

use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem_openapi::registry::{MetaApi, MetaPath, Registry};
use poem_openapi::{OpenApi, OpenApiService};
use serde_json::{Map, Value, json};

use crate::api::bearer::refusals;
use crate::api::input::Cursor;
use crate::api::problem::{Code, PROBLEM_JSON};

/// The OpenAPI document of an API, as the text that `/openapi.json` answers.
///
/// poem-openapi writes most of it. Added here is what it cannot say: that bodies take no unknown member, which
/// operations need no token, and every problem with its codes and an example.
#[must_use]
pub fn document<T: OpenApi>() -> String {
    let service = OpenApiService::new(Shape::<T>(PhantomData), "svc", env!("CARGO_PKG_VERSION"))
        .description(env!("CARGO_PKG_DESCRIPTION"))
        .license(poem_openapi::LicenseObject::new("MIT").url("https://opensource.org/license/mit"))
        .server("/");
    let mut document: Value = serde_json::from_str(&service.spec()).unwrap_or_default();
    let mut bodies = Vec::new();
    for operation in operations(&mut document) {
        bodies.extend(body_schema(operation));
        complete(operation);
    }
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        for name in bodies {
            if let Some(schema) = schemas.get_mut(&name) {
                schema["additionalProperties"] = json!(false);
            }
        }
        schemas.insert("Problem".to_owned(), problem_schema());
    }
    format!("{document:#}")
}

/// The description of an API without the API: no use case is needed to print it.
struct Shape<T>(PhantomData<T>);

impl<T: OpenApi> OpenApi for Shape<T> {
    /// Each path once. Each endpoint comes as an API of its own, and poem-openapi writes a path as often as APIs
    /// have it: readers of JSON keep the last one, and with it that endpoint's operation alone.
    fn meta() -> Vec<MetaApi> {
        let mut paths: Vec<MetaPath> = Vec::new();
        for path in T::meta().into_iter().flat_map(|api| api.paths) {
            match paths.iter_mut().find(|known| known.path == path.path) {
                Some(known) => known.operations.extend(path.operations),
                None => paths.push(path),
            }
        }
        vec![MetaApi { paths }]
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn add_routes(self, _: &mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>) {}
}

fn operations(document: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let methods = paths.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut);
    methods.flat_map(Map::values_mut).filter_map(Value::as_object_mut)
}

fn body_schema(operation: &Map<String, Value>) -> Option<String> {
    let schema = operation.get("requestBody")?.pointer("/content/application~1json/schema/$ref")?;
    schema.as_str()?.rsplit('/').next().map(str::to_owned)
}

fn complete(operation: &mut Map<String, Value>) {
    operation.entry("security").or_insert_with(|| json!([]));
    let mut codes = of_the_edge(operation);
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    responses.retain(|key, _| match Code::from_word(key) {
        Some(code) => {
            codes.push(code);
            false
        }
        None => true,
    });
    codes.sort_unstable();
    codes.dedup();
    let mut by_status = BTreeMap::<u16, Vec<Code>>::new();
    for code in codes {
        by_status.entry(code.status().as_u16()).or_default().push(code);
    }
    for (status, codes) in by_status {
        responses.insert(status.to_string(), response(&codes));
    }
}

/// What can be answered before the endpoint is reached, and when it fails.
fn of_the_edge(operation: &Map<String, Value>) -> Vec<Code> {
    let mut codes = vec![Code::Internal, Code::Unavailable];
    if operation.contains_key("requestBody") {
        codes.extend([
            Code::MalformedRequest,
            Code::PayloadTooLarge,
            Code::UnsupportedMediaType,
            Code::ValidationFailed,
        ]);
    }
    for scheme in operation.get("security").and_then(Value::as_array).into_iter().flatten() {
        codes.extend(scheme.as_object().into_iter().flat_map(Map::keys).flat_map(|name| refusals(name)));
    }
    for parameter in operation.get("parameters").and_then(Value::as_array).into_iter().flatten() {
        let is_cursor = parameter["schema"]["format"] == Cursor::FORMAT;
        codes.extend(match parameter["in"].as_str() {
            Some("path") => Some(Code::NotFound),
            Some("query") if is_cursor => Some(Code::MalformedRequest),
            Some("query") => Some(Code::ValidationFailed),
            _ => None,
        });
    }
    codes
}

fn response(codes: &[Code]) -> Value {
    let lines: Vec<_> = codes.iter().map(|code| format!("`{}`: {}", code.as_str(), code.title())).collect();
    let examples: Map<_, _> =
        codes.iter().map(|code| (code.as_str().to_owned(), json!({ "value": example(*code) }))).collect();
    json!({
        "description": lines.join("\n\n"),
        "content": { PROBLEM_JSON: { "schema": { "$ref": "#/components/schemas/Problem" }, "examples": examples } },
    })
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
        let error = json!({ "pointer": "/email", "code": "missing", "detail": "this is needed" });
        example["errors"] = json!([error]);
    }
    example
}

fn problem_schema() -> Value {
    let text = |about: &str| json!({ "type": "string", "description": about });
    let codes: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    json!({
        "type": "object",
        "description": "Why a request was refused (RFC 9457).",
        "required": ["type", "title", "status", "detail", "code", "request_id"],
        "properties": {
            "type": { "type": "string", "format": "uri", "description": "Names the kind of problem." },
            "title": text("The same words for every problem of this kind."),
            "status": { "type": "integer", "format": "int32", "description": "The status of the answer." },
            "detail": text("A sentence about this occurrence, for people."),
            "code": { "type": "string", "enum": codes, "description": "What a program branches on." },
            "request_id": text("Names the request in the log; also in the header `X-Request-Id`."),
            "errors": {
                "type": "array",
                "description": "Every wrong value.",
                "items": {
                    "type": "object",
                    "required": ["pointer", "code", "detail"],
                    "properties": {
                        "pointer": text("Where: a JSON pointer into the body (RFC 6901), or `/` and a parameter."),
                        "code": text("What is wrong, for programs."),
                        "detail": text("What is wrong, for people."),
                    },
                },
            },
        },
    })
}
