use std::collections::{BTreeMap, HashMap};
use std::marker::PhantomData;

use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem_openapi::registry::{MetaApi, MetaPath, Registry};
use poem_openapi::{OpenApi, OpenApiService};
use serde_json::{Map, Value, json};

use super::settings::DocumentSettings;
use super::{problems, rules};
use crate::api::bearer::{ACCESS_COOKIE, ADMIN_BEARER, BEARER, rejections};
use crate::api::input::{Cursor, METADATA_ROOM};
use crate::api::kind::Kind;
use crate::api::problem::{Code, Occasion};
use crate::api::refresh_token::REFRESH_COOKIE;

/// The response headers, in the spelling of the standards.
const HEADERS: [&str; 4] = ["Cache-Control", "ETag", "Location", "Set-Cookie"];

/// The OpenAPI document of an API, as the text of `/openapi.json`.
///
/// poem-openapi creates most of it. This adds what it cannot express: that bodies accept no unknown member,
/// which operations need no token, and all problems with their codes, headers and an example. The rules in
/// `rules/` then make it OpenAPI 3.1.
#[must_use]
pub fn document<T: OpenApi>(settings: &DocumentSettings) -> String {
    let service = OpenApiService::new(Shape::<T>(PhantomData), "svc", env!("CARGO_PKG_VERSION"))
        .description(include_str!("introduction.md"))
        .license(poem_openapi::LicenseObject::new("MIT").url("https://opensource.org/license/mit"))
        .contact(poem_openapi::ContactObject::new().name("svc").url(&settings.public_url))
        .server(&settings.public_url);
    let mut document: Value = serde_json::from_str(&service.spec()).unwrap_or_default();
    let (mut tags, mut bodies) = (Vec::new(), Vec::new());
    let schemas = document["components"]["schemas"].clone();
    for (path, method, operation) in operations(&mut document) {
        tags.extend(operation.get("tags").and_then(Value::as_array).into_iter().flatten().cloned());
        bodies.extend(body_schema(operation));
        complete((path, method), operation, &schemas, settings);
    }
    if let Some(groups) = document.get_mut("tags").and_then(Value::as_array_mut) {
        groups.sort_by_key(|group| tags.iter().position(|tag| *tag == group["name"]));
    }
    if let Some(schemes) = document.pointer_mut("/components/securitySchemes").and_then(Value::as_object_mut)
    {
        schemes.shift_remove(ADMIN_BEARER);
    }
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        for (name, schema) in schemas.iter_mut() {
            if bodies.contains(name) {
                schema["additionalProperties"] = json!(false);
            }
        }
        schemas.extend(problems::schemas().map(|(name, schema)| (name.to_owned(), schema)));
        schemas.sort_keys();
    }
    rules::apply(&mut document, settings);
    format!("{document:#}")
}

/// The description of an API without its endpoints, so that no use case is needed to print it.
struct Shape<T>(PhantomData<T>);

impl<T: OpenApi> OpenApi for Shape<T> {
    /// One entry per path. poem-openapi creates one per `impl`, so several with the same name, of which a
    /// JSON parser keeps the last.
    fn meta() -> Vec<MetaApi> {
        let mut paths = Vec::<MetaPath>::new();
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

/// Every operation with its path and its method.
fn operations(document: &mut Value) -> impl Iterator<Item = (&str, &str, &mut Map<String, Value>)> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    paths.flat_map(|(path, methods)| {
        let methods = methods.as_object_mut().into_iter().flatten();
        methods.filter_map(|(method, operation)| {
            Some((path.as_str(), method.as_str(), operation.as_object_mut()?))
        })
    })
}

fn query_parameters(operation: &Map<String, Value>) -> Vec<String> {
    let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let query = parameters.filter(|parameter| parameter["in"] == "query");
    query.filter_map(|parameter| parameter["name"].as_str().map(str::to_owned)).collect()
}

fn body_schema(operation: &Map<String, Value>) -> Option<String> {
    let schema = operation.get("requestBody")?.pointer("/content/application~1json/schema/$ref")?;
    schema.as_str()?.rsplit('/').next().map(str::to_owned)
}

/// The bytes that a body with this schema may have in addition to `limits.body_bytes`.
fn room(schema: &Value) -> usize {
    let members = ["metadata", "app_metadata"].iter();
    members.filter(|name| schema["properties"].get(*name).is_some()).count() * METADATA_ROOM
}

/// Whether the origin of a request counts, since it changes something and is authenticated by a cookie. Where
/// an access token is optional, a cookie from a page that may not use it counts as none.
fn of_cookies(method: &str, operation: &Map<String, Value>) -> bool {
    let schemes = operation.get("security").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let has = |name| schemes.iter().any(|scheme| scheme.get(name).is_some());
    let is_optional = schemes.contains(&json!({}));
    method != "get" && (has(REFRESH_COOKIE) || (has(ACCESS_COOKIE) && !is_optional))
}

fn complete(
    (path, method): (&str, &str),
    operation: &mut Map<String, Value>,
    schemas: &Value,
    settings: &DocumentSettings,
) {
    let mut codes = of_the_middleware(path, operation);
    codes.extend(of_cookies(method, operation).then_some(Code::ForeignOrigin));
    let security = operation.entry("security").or_insert_with(|| json!([]));
    // Administrators use the same kind of token in the same place, so the document needs only one scheme.
    if security[0].get(ADMIN_BEARER).is_some() {
        security[0] = json!({ BEARER: [] });
    }
    let alternatives = security.as_array().into_iter().flatten();
    let takes_access_token = alternatives.into_iter().any(|one| one.get(BEARER).is_some());
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
    let parameters = query_parameters(operation);
    let body = body_schema(operation);
    let required = body.as_ref().and_then(|name| schemas[name]["required"][0].as_str());
    let origin = settings.origin();
    let occasion = Occasion {
        origin: &origin,
        body_bytes: settings.body_bytes + body.as_ref().map_or(0, |name| room(&schemas[name])),
        operation: &id,
        takes_access_token,
        parameters: &parameters,
        has_body: body.is_some(),
        required,
    };
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    responses.retain(|key, response| {
        let code = key.parse::<Code>().ok();
        codes.extend(code);
        if code.is_none() {
            describe(response, schemas);
        }
        code.is_none()
    });
    codes.sort_unstable();
    codes.dedup();
    let mut by_status = BTreeMap::<u16, Vec<Code>>::new();
    for code in codes {
        by_status.entry(code.status().as_u16()).or_default().push(code);
    }
    for (status, codes) in by_status {
        responses.insert(status.to_string(), problems::response(&codes, occasion));
    }
}

/// Completes a success response: adds a description, sets the media type to JSON without a parameter (RFC
/// 8259, section 11) and uses the usual spelling of headers.
fn describe(response: &mut Value, schemas: &Value) {
    let content = response.get("content").and_then(Value::as_object);
    if let Some(media) = content.and_then(|content| content.values().next()).cloned() {
        if response["description"] == "" {
            let name = media["schema"]["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
            response["description"] =
                name.map(|name| schemas[name]["description"].clone()).unwrap_or_default();
        }
        response["content"] = json!({ "application/json": media });
    }
    if let Some(headers) = response.get_mut("headers").and_then(Value::as_object_mut) {
        let spelled = |name: &str| HEADERS.into_iter().find(|known| known.eq_ignore_ascii_case(name));
        *headers = std::mem::take(headers)
            .into_iter()
            .map(|(name, header)| (spelled(&name).map_or_else(|| name.clone(), str::to_owned), header))
            .collect();
    }
}

/// The problems that any endpoint can return from the middleware or for a failure.
fn of_the_middleware(path: &str, operation: &Map<String, Value>) -> Vec<Code> {
    let mut codes = vec![
        Code::MalformedRequest,
        Code::HeadersTooLarge,
        Code::Internal,
        Code::Overloaded,
        Code::Unavailable,
        // For a query parameter that the operation does not declare.
        Code::ValidationFailed,
    ];
    if Kind::of_path(path) != Kind::Health {
        codes.push(Code::Banned);
    }
    if operation.contains_key("requestBody") {
        codes.extend([Code::RequestTimeout, Code::PayloadTooLarge, Code::UnsupportedMediaType]);
    }
    for scheme in operation.get("security").and_then(Value::as_array).into_iter().flatten() {
        codes.extend(scheme.as_object().into_iter().flat_map(Map::keys).flat_map(|name| rejections(name)));
    }
    for parameter in operation.get("parameters").and_then(Value::as_array).into_iter().flatten() {
        let is_cursor = parameter["schema"]["format"] == Cursor::FORMAT;
        codes.extend(match parameter["in"].as_str() {
            Some("path") => Some(Code::NotFound),
            Some("query") if is_cursor => Some(Code::MalformedRequest),
            _ => None,
        });
    }
    codes
}
