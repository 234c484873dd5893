//! What holds for the whole document of the service.

use serde_json::json;

use super::walk::{Object, each_schema};
use super::*;
use crate::api::{DocumentSettings, openapi_document};

fn document() -> Value {
    serde_json::from_str(&openapi_document(&DocumentSettings::from("https://svc.test"))).unwrap()
}

/// The schemas for which something does not hold.
fn schemas(wrong: impl Fn(&Object) -> bool) -> Vec<Object> {
    let mut found = Vec::new();
    each_schema(&mut document(), &mut |schema| {
        if wrong(schema) {
            found.push(schema.clone());
        }
    });
    found
}

fn is(schema: &Object, kind: &str) -> bool {
    schema.get("type").is_some_and(|given| *given == kind || *given == json!([kind, "null"]))
}

#[test]
fn no_schema_has_a_member_of_openapi_3_0_or_one_that_generators_drop() {
    let old = ["nullable", "allOf", "writeOnly", "exclusiveMinimum", "exclusiveMaximum"];
    assert_eq!(schemas(|schema| old.iter().any(|name| schema.contains_key(*name))), []);
    assert_eq!(document()["openapi"], "3.1.0");
}

#[test]
fn every_schema_says_what_it_is() {
    let untyped = |schema: &Object| !["type", "$ref", "anyOf"].iter().any(|name| schema.contains_key(*name));
    assert_eq!(schemas(untyped), []);
}

#[test]
fn every_text_number_and_list_has_bounds() {
    const CURE: &str = "add a row for the member to MEMBERS in bounds.rs";
    let lacks = |schema: &Object, kind: &str, bounds: &[&str]| {
        is(schema, kind)
            && !schema.contains_key("enum")
            && !bounds.iter().all(|name| schema.contains_key(*name))
    };
    assert_eq!(schemas(|schema| lacks(schema, "string", &["maxLength"])), [], "{CURE}");
    assert_eq!(schemas(|schema| lacks(schema, "array", &["maxItems", "items"])), [], "{CURE}");
    assert_eq!(schemas(|schema| lacks(schema, "integer", &["format", "minimum", "maximum"])), []);
    let formats = [json!("int32"), json!("int64")];
    assert_eq!(schemas(|schema| is(schema, "integer") && !formats.contains(&schema["format"])), []);
}

#[test]
fn every_enum_and_every_object_is_a_component() {
    let mut document = document();
    let is_named = |schema: &Object| is(schema, "object") || schema.contains_key("enum");
    let mut all = 0;
    each_schema(&mut document, &mut |schema| all += usize::from(is_named(schema)));
    let components = document["components"]["schemas"].as_object().unwrap();
    let named = components.values().filter(|schema| is_named(schema.as_object().unwrap())).count();
    assert_eq!(all, named);
    for name in ["ProblemCode", "FieldCode", "FieldError", "JsonWebKey", "Role", "Status", "HealthState"] {
        assert!(components.contains_key(name), "{name}");
    }
}

#[test]
fn every_reference_and_every_link_leads_somewhere() {
    let document = document();
    let mut operations = Vec::new();
    walk::each_operation(&mut document.clone(), |_, _, operation| operations.push(operation.clone()));
    let ids: Vec<_> = operations.iter().map(|operation| operation["operationId"].as_str().unwrap()).collect();
    let mut links = 0;
    for operation in &operations {
        for response in operation["responses"].as_object().unwrap().values() {
            for (name, link) in response["links"].as_object().into_iter().flatten() {
                assert!(ids.contains(&link["operationId"].as_str().unwrap()), "{link}");
                links += usize::from(name != "next_page");
            }
        }
        assert_eq!(operation["x-codeSamples"].as_array().unwrap().len(), 3);
    }
    assert_eq!(links, links::count(), "each row of the table is about an operation that there is");
    for schema in schemas(|schema| schema.contains_key("$ref")) {
        let pointer = schema["$ref"].as_str().unwrap().trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
}

#[test]
fn every_row_of_a_table_is_about_a_member() {
    let document = document();
    let bounds = bounds::MEMBERS.iter().map(|(component, member, _)| (*component, *member));
    for (component, member) in bounds.chain(examples::rows()) {
        let schema = &document["components"]["schemas"][component]["properties"][member];
        assert!(schema.is_object(), "{component} has no {member}");
    }
}

#[test]
fn examples_have_the_words_of_the_installation() {
    let settings = DocumentSettings { body_bytes: 2048, ..DocumentSettings::from("https://svc.test/auth") };
    let document: Value = serde_json::from_str(&openapi_document(&settings)).unwrap();
    let detail = |path: &str, method: &str, status: &str, example: &str| {
        let response = &document["paths"][format!("/api/v1{path}")][method]["responses"][status];
        let problem = &response["content"]["application/problem+json"]["examples"][example]["value"];
        problem["detail"].as_str().unwrap_or_default().to_owned()
    };
    assert!(detail("/auth/login", "post", "413", "payload_too_large").contains("2048 bytes"));
    assert!(detail("/users/me", "patch", "403", "foreign_origin").ends_with("service is https://svc.test."));
    assert!(detail("/users/me", "get", "401", "invalid_token").starts_with("The access token is not valid"));
    assert!(detail("/users/me", "get", "401", "no_token").starts_with("Send an access token"));
    assert!(detail("/auth/refresh", "post", "401", "no_token").starts_with("No refresh token was sent"));
    for path in ["/auth/email/verify", "/auth/email/disown", "/auth/password/reset"] {
        assert!(detail(path, "post", "422", "used_token").contains("no longer valid"), "{path}");
    }
    // Where a session is optional, an origin that may not use cookies refuses nothing.
    assert_eq!(detail("/auth/email/verify", "post", "403", "foreign_origin"), "");
    assert!(!detail("/auth/logout", "post", "403", "foreign_origin").is_empty());
}

#[test]
fn only_the_health_of_the_service_is_open_to_banned_clients() {
    let mut without = Vec::new();
    walk::each_operation(&mut document(), |path, _, operation| {
        let example = "/responses/403/content/application~1problem+json/examples/banned";
        if Value::from(operation.clone()).pointer(example).is_none() {
            without.push(path.to_owned());
        }
    });
    assert_eq!(without, ["/health/live", "/health/ready", "/health"]);
}

#[test]
fn every_response_declares_its_request_id() {
    walk::each_operation(&mut document(), |path, method, operation| {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let header = &response["headers"]["X-Request-Id"]["$ref"];
            assert_eq!(header, "#/components/headers/RequestId", "{method} {path} {status}");
        }
    });
}
