//! The OpenAPI document as its readers see it, and the written page beside it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use reqwest::Method;
use serde_json::{Map, Value, json};
use svc::api::problem::{Code, FieldCode};

use crate::support::document::{TOKEN_CODES, is_nullable, takes_access_token};
use crate::support::{App, Backend, both_backends};

const PAGE: &str = include_str!("../../../docs/api.md");

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&svc::api::openapi_document(&"http://svc.test".into())).unwrap());

/// Lists every operation, named by method and path.
fn operations() -> impl Iterator<Item = (String, &'static Value)> {
    DOCUMENT["paths"].as_object().unwrap().iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation))
    })
}

both_backends! {
    // Another form would name the same thing by another path, past a rule of a proxy.
    async fn an_id_in_a_path_has_one_form(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let body = json!({ "email": App::address(), "invite": true });
        let invite = app.client.send(Method::POST, "/api/v1/users", Some(&admin.access), Some(&body)).await;
        let id = invite.expect(201)["id"].as_str().unwrap().to_owned();
        let with_id = operations().filter_map(|(shown, _)| {
            let (method, path) = shown.split_once(' ')?;
            path.contains("{id}").then(|| (Method::try_from(method).unwrap(), path.to_owned()))
        });
        let mut seen = 0;
        for (method, path) in with_id {
            for other in [id.to_uppercase(), id.replace('-', ""), format!("urn:uuid:{id}")] {
                let path = path.replace("{id}", &other);
                let answer = app.client.send(method.clone(), &path, Some(&admin.access), Some(&json!({}))).await;
                assert_eq!(answer.rejection(), (404, "not_found".to_owned()), "{method} {path}");
                seen += 1;
            }
        }
        assert!(seen > 20, "{seen}");
        app.stop().await;
    }
}

fn text<'a>(value: &'a Value, shown: &str) -> &'a str {
    let text = value.as_str().unwrap_or_default();
    assert!(!text.is_empty(), "a text is missing: {shown}");
    text
}

fn schema(media: &Value) -> &'static Value {
    let reference = media["schema"]["$ref"].as_str().unwrap();
    DOCUMENT.pointer(reference.strip_prefix('#').unwrap()).unwrap()
}

/// Returns the cells of the rows of the table with these columns.
fn rows(columns: &str) -> Vec<Vec<&'static str>> {
    let table = PAGE.lines().skip_while(|line| *line != columns).skip(2);
    let rows = table.take_while(|line| line.starts_with('|'));
    let rows: Vec<_> = rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect()).collect();
    assert!(!rows.is_empty(), "the page has no table with the columns {columns}");
    rows
}

fn code(cell: &str) -> &str {
    cell.trim_matches('`')
}

#[test]
fn every_operation_can_be_found_and_understood() {
    let groups = DOCUMENT["tags"].as_array().unwrap();
    let names: Vec<_> = groups.iter().map(|group| group["name"].as_str().unwrap()).collect();
    for group in groups {
        text(&group["description"], "tag");
    }

    let mut ids = BTreeSet::new();
    for (shown, operation) in operations() {
        assert!(ids.insert(text(&operation["operationId"], &shown)), "its id is another one's: {shown}");
        text(&operation["summary"], &shown);
        let tags = operation["tags"].as_array().unwrap();
        assert!(tags.len() == 1 && names.contains(&tags[0].as_str().unwrap()), "{shown}");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            text(&parameter["description"], &shown);
        }
        for scheme in operation["security"].as_array().unwrap() {
            for name in scheme.as_object().unwrap().keys() {
                text(&DOCUMENT["components"]["securitySchemes"][name]["description"], name);
            }
        }
    }
    assert!(!DOCUMENT["servers"].as_array().unwrap().is_empty());
    text(&DOCUMENT["info"]["description"], "info");
}

#[test]
fn every_body_and_every_answer_has_an_example_of_its_schema() {
    for (shown, operation) in operations() {
        let mut media = Vec::new();
        if let Some(body) = operation.get("requestBody") {
            media.push(&body["content"]["application/json"]);
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            text(&response["description"], &shown);
            match status.parse().unwrap() {
                202 | 204 | 304 => assert!(response.get("content").is_none(), "{shown} {status}"),
                200..300 => media.push(&response["content"]["application/json"]),
                400.. => check_problem(response, status, &shown),
                _ => panic!("{shown} {status}"),
            }
        }
        assert!(media.iter().all(|media| schema(media)["example"].is_object()), "no example: {shown}");
    }
    for (name, schema) in DOCUMENT["components"]["schemas"].as_object().unwrap() {
        if let Some(example) = schema["example"].as_object() {
            check_example(schema, example, name);
        }
    }
}

#[test]
fn a_404_and_a_412_name_the_entity_of_the_operation() {
    let mut seen = 0;
    for (shown, operation) in operations() {
        let Some((_, verbless)) = operation["operationId"].as_str().unwrap().split_once('_') else {
            continue;
        };
        let entity = match verbless {
            "invitation" => "invited user",
            "me" | "out_all" | "user_sessions" => "user",
            entity => entity,
        };
        for (status, code) in [("404", "not_found"), ("412", "precondition_failed")] {
            let examples = &operation["responses"][status]["content"]["application/problem+json"]["examples"];
            let Some(detail) = examples[code]["value"]["detail"].as_str() else { continue };
            assert!(detail.contains(&format!(" {entity} ")), "{shown}: {detail}");
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn a_401_of_an_operation_with_a_token_is_about_the_token() {
    let with_token = operations().filter(|(_, operation)| takes_access_token(operation));
    let mut seen = 0;
    for (shown, operation) in with_token {
        let examples = &operation["responses"]["401"]["content"]["application/problem+json"]["examples"];
        for example in examples.as_object().unwrap().values() {
            let code = example["value"]["code"].as_str().unwrap();
            assert!(TOKEN_CODES.contains(&code), "{shown}: {code}");
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen}");
}

/// Members that an example leaves out, because another one of it excludes them.
const LEFT_OUT: [(&str, &str); 1] = [("CreateUserBody", "password")];

/// Panics unless all members are present and described, and only nullable ones are null.
#[track_caller]
fn check_example(schema: &Value, example: &Map<String, Value>, shown: &str) {
    let members = schema["properties"].as_object().unwrap();
    let wanted = members.keys().filter(|member| !LEFT_OUT.contains(&(shown, member)));
    assert_eq!(wanted.collect::<Vec<_>>(), example.keys().collect::<Vec<_>>(), "{shown}");
    for (name, value) in example {
        text(&members[name]["description"], name);
        assert!(!value.is_null() || is_nullable(&members[name]), "{name} may not be null: {shown}");
    }
}

/// The names of other examples of a code than the one that has its name.
const OTHERS: [&str; 3] = ["no_token", "used_token", "removed_audience"];

fn check_problem(response: &Value, status: &str, shown: &str) {
    let content = response["content"].as_object().unwrap();
    assert_eq!(content.keys().collect::<Vec<_>>(), ["application/problem+json"], "{shown} {status}");
    let media = &content["application/problem+json"];
    assert_eq!(media["schema"]["$ref"], "#/components/schemas/Problem");
    for (name, example) in media["examples"].as_object().unwrap() {
        assert!(example["value"]["code"] == **name || OTHERS.contains(&&**name), "{shown}: {name}");
        assert_eq!(example["value"]["status"].to_string(), status, "{shown}");
    }
    let header = match status {
        "401" => "WWW-Authenticate",
        "503" => "Retry-After",
        _ => return,
    };
    assert!(response["headers"][header].is_object(), "{shown} {status}");
}

#[test]
fn the_page_lists_every_route_and_its_permission() {
    let documented: BTreeSet<_> = operations()
        .map(|(shown, operation)| {
            // An empty requirement among them makes the others optional.
            let security = operation["security"].as_array().unwrap();
            let needs_token = !security.is_empty() && !security.contains(&json!({}));
            let needs_admin = operation["responses"].get("403").is_some_and(|response| {
                let examples = &response["content"]["application/problem+json"]["examples"];
                examples.get("forbidden").is_some()
            });
            let refresh_token = operation
                .pointer("/requestBody/content/application~1json")
                .is_some_and(|body| schema(body)["properties"].get("refresh_token").is_some());
            let who = match (needs_token, needs_admin, refresh_token) {
                (false, false, false) => "anyone",
                (false, false, true) => "holder of a refresh token",
                (true, false, _) => "user",
                (true, true, _) => "administrator",
                (false, true, _) => panic!("{shown} does not identify its user"),
            };
            (shown, who)
        })
        .collect();
    let rows = rows("| route | who | does |");
    let written = rows.iter().map(|row| (code(row[0]).to_owned(), row[1])).collect();
    assert_eq!(documented, written);
}

#[test]
fn the_page_lists_every_code() {
    let written: Vec<_> = rows("| code | status | when | the client |")
        .iter()
        .map(|row| (code(row[0]), row[1].parse().unwrap()))
        .collect();
    let all: Vec<_> = Code::ALL.iter().map(|code| (code.as_str(), code.status().as_u16())).collect();
    assert_eq!(all, written);

    let written: Vec<_> = rows("| code | means |").iter().map(|row| code(row[0])).collect();
    let all: Vec<_> = FieldCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(all, written);
}
