use std::io::Read as _;

use flate2::read::GzDecoder;
use poem_openapi::registry::MetaPath;
use serde_json::json;

use super::*;
use crate::api::docs::document;
use crate::api::{openapi_document, routes};

fn described() -> Value {
    serde_json::from_str(&document::<Tiny>(&"https://svc.test".into())).unwrap()
}

async fn get_with(path: &str, name: &str, value: &str) -> Answer {
    ask(request(path).header(name, value).finish()).await
}

#[test]
fn bodies_are_described_to_the_last_rule() {
    let document = described();
    let body = &document["components"]["schemas"]["RegisterBody"];
    assert_eq!(body["description"], "What a person gives\n to register.");
    assert_eq!(body["required"], json!(["email", "password"]));
    assert_eq!(body["additionalProperties"], false);
    assert_eq!(body["properties"]["email"]["format"], "idn-email");
    assert_eq!(body["properties"]["email"]["description"], "Where they are reached.");
    assert_eq!(body["properties"]["password"]["minLength"], 8);
    assert_eq!(body["properties"]["name"]["type"], json!(["string", "null"]));
    assert_eq!(body["example"]["email"], "ada@example.com");
    let operation = &document["paths"]["/people"]["post"];
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
    assert_eq!(schema, "#/components/schemas/RegisterBody");
}

#[test]
fn what_is_required_is_a_member_and_named_once() {
    let document: Value = serde_json::from_str(&openapi_document(&"https://svc.test".into())).unwrap();
    for (schema, about) in document["components"]["schemas"].as_object().unwrap() {
        let required = about["required"].as_array().map_or(&[][..], Vec::as_slice);
        for (i, name) in required.iter().enumerate() {
            assert!(!required[..i].contains(name), "{schema} requires {name} twice");
            assert!(about["properties"][name.as_str().unwrap()].is_object(), "{schema} has no {name}");
        }
    }
}

#[test]
fn every_operation_is_described_though_each_endpoint_is_an_api_of_its_own() {
    fn routed<T: OpenApi>(_: T) -> Vec<String> {
        let paths = T::meta().into_iter().flat_map(|api| api.paths);
        let ids =
            |path: MetaPath| path.operations.into_iter().map(|operation| operation.operation_id.unwrap());
        paths.flat_map(ids).map(str::to_owned).collect()
    }
    let document: Value = serde_json::from_str(&openapi_document(&"https://svc.test".into())).unwrap();
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|path| path.as_object().unwrap().values());
    let mut described: Vec<_> =
        operations.map(|operation| operation["operationId"].as_str().unwrap().to_owned()).collect();
    let mut routed = routed(routes());
    described.sort();
    routed.sort();
    assert_eq!(described, routed);
    assert!(routed.len() > 20, "{routed:?}");
}

#[test]
fn every_status_is_described_with_its_codes() {
    let document = described();
    let statuses = |path: &str, method: &str| {
        let responses = document["paths"][path][method]["responses"].as_object().unwrap();
        responses.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(
        statuses("/people", "post"),
        ["200", "400", "403", "408", "409", "413", "415", "422", "431", "500", "503"]
    );
    assert_eq!(statuses("/people", "get"), ["200", "400", "403", "409", "422", "431", "500", "503"]);
    assert!(statuses("/people/{id}", "patch").contains(&"404".to_owned()));
    let conflict = &document["paths"]["/people"]["post"]["responses"]["409"];
    let text = conflict["description"].as_str().unwrap();
    assert!(text.contains("`email_taken`") && text.contains("`last_admin`"));
    let example = &conflict["content"]["application/problem+json"]["examples"]["last_admin"]["value"];
    assert_eq!(example["type"], "urn:svc:problem:last_admin");
}

#[test]
fn operations_without_a_scheme_need_none() {
    assert_eq!(described()["paths"]["/people"]["post"]["security"], json!([]));
    assert_eq!(OpenApiService::new(Tiny, "", "").spec().matches("\"security\"").count(), 0);
}

#[tokio::test]
async fn the_document_is_served_as_it_is_printed() {
    let plain = get("/openapi.json").await;
    assert_eq!(plain.header("content-type"), "application/json");
    assert_eq!(plain.header("vary"), "accept-encoding");
    assert_eq!(plain.text(), document::<Tiny>(&"https://svc.test".into()));

    let packed = get_with("/openapi.json", "accept-encoding", "br, gzip;q=0.8").await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    let mut text = String::new();
    GzDecoder::new(&packed.bytes[..]).read_to_string(&mut text).unwrap();
    assert_eq!(text, plain.text());

    let refused = get_with("/openapi.json", "accept-encoding", "gzip;q=0, br").await;
    assert_eq!((refused.header("content-encoding"), refused.text()), ("", plain.text()));

    let held = get_with("/openapi.json", "if-none-match", plain.header("etag")).await;
    assert_eq!((held.status.as_u16(), held.bytes.len()), (304, 0));
    assert_eq!(held.header("etag"), plain.header("etag"));
    assert_eq!(get_with("/openapi.json", "if-none-match", "\"other\"").await.status, 200);
}

#[tokio::test]
async fn pages_load_only_what_is_served() {
    for (page, prefix) in [("/docs", "docs/"), ("/redoc", "redoc/")] {
        let answer = get(page).await;
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert!(answer.header("content-security-policy").contains("script-src 'self';"));
        let links = answer.text().split('"').filter(|link| link.starts_with(prefix));
        let links: Vec<_> = links.map(|link| format!("/{link}")).collect();
        assert!(links.len() >= 2 && !answer.text().contains("//"), "{page}");
        for link in links {
            let library = get_with(&link, "accept-encoding", "gzip").await;
            assert_eq!(library.status, 200, "{link}");
            assert!(library.header("cache-control").starts_with("public, max-age="));
        }
    }
}
