use reqwest::Method;
use serde_json::{Value, json};

use super::Asking;
use crate::support::document::DOCUMENT;
use crate::support::{Backend, both_backends};

/// Every operation, with the path and the names of its query parameters.
fn operations(user: &str) -> Vec<(Method, String, Vec<&'static str>)> {
    let mut all = Vec::new();
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let query = parameters.filter(|parameter| parameter["in"] == "query");
            let names = query.map(|parameter| parameter["name"].as_str().unwrap()).collect();
            let method = method.to_uppercase().parse().unwrap();
            all.push((method, path.replace("{id}", user), names));
        }
    }
    all
}

both_backends! {
    async fn an_undeclared_query_parameter_is_refused_by_every_operation(backend: Backend) {
        let asking = Asking::start(backend).await;
        let operations = operations(&asking.victim);
        assert!(operations.iter().any(|(_, _, names)| names.len() > 3), "{operations:?}");
        for (method, path, names) in operations {
            let send = async |query: &str| {
                let target = format!("{path}?{query}");
                asking.app.client.send(method.clone(), &target, Some(&asking.admin.access), None).await
            };
            let shown = format!("{method} {path}");
            for (query, expected) in [
                ("mail=ada@example.com", "/mail unknown"),
                ("LIMIT=1", "/LIMIT unknown"),
                ("limit%20=1", "/limit  unknown"),
                ("x/~y", "/x~1~0y unknown"),
                ("=1", "/ unknown"),
            ] {
                let answer = send(query).await;
                assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()), "{shown} {query}");
                assert_eq!(answer.wrong_values(), [expected], "{shown}");
            }
            let several = send("b=1&a=1&b=2").await;
            assert_eq!(several.wrong_values(), ["/a unknown", "/b unknown"], "{shown}");
            let detail = several.json()["errors"][0]["detail"].as_str().unwrap().to_owned();
            assert!(names.iter().all(|name| detail.contains(name)), "{shown}: {detail}");
        }
        // Nothing was changed by any of them.
        let victim = format!("/api/v1/users/{}", asking.victim);
        let answer = asking.app.client.get(&victim, Some(&asking.admin.access)).await;
        assert_eq!(answer.header("etag"), "\"1\"");
        asking.stop().await;
    }

    async fn of_many_unknown_parameters_the_first_are_named(backend: Backend) {
        let asking = Asking::start(backend).await;
        let send = async |count: usize| {
            let query: Vec<_> = (0..count).map(|number| number.to_string()).collect();
            asking.app.client.get(&format!("/health/live?{}", query.join("&")), None).await
        };
        for (count, named) in [(20, 20), (21, 20), (1_500, 20)] {
            let answer = send(count).await;
            assert_eq!((answer.status, answer.wrong_values().len()), (422, named), "{count}");
            assert!(answer.bytes.len() < 4_000, "{}", answer.bytes.len());
            let detail = answer.json()["detail"].as_str().unwrap().to_owned();
            assert_eq!(detail.contains("More than 20 values are invalid"), count > named, "{detail}");
        }
        asking.stop().await;
    }

    async fn an_id_has_one_form(backend: Backend) {
        let asking = Asking::start(backend).await;
        let (id, token) = (&asking.victim, Some(&*asking.admin.access));
        let invitation = json!({ "email": "invited@example.com", "invite": true });
        let invited = asking.app.client.send(Method::POST, "/api/v1/users", token, Some(&invitation)).await;
        let invited = invited.expect(201)["id"].as_str().unwrap().to_owned();
        for (method, path, _) in operations("{id}").into_iter().filter(|(_, path, _)| path.contains("{id}")) {
            let id = if path.contains("/invitations/") { &invited } else { id };
            // A digit of the version is the same in both cases, the others may be too.
            let upper = Some(id.to_uppercase()).filter(|upper| upper != id);
            let (braces, urn) = (format!("%7B{id}%7D"), format!("urn:uuid:{id}"));
            let others = [braces, urn, id.replace('-', ""), format!("{id}-"), "x".repeat(36)];
            for other in others.into_iter().chain(upper) {
                let path = path.replace("{id}", &other);
                let answer = asking.app.client.send(method.clone(), &path, token, None).await;
                assert_eq!(answer.rejection(), (404, "not_found".to_owned()), "{method} {path}");
            }
        }
        asking.app.client.get(&format!("/api/v1/users/{id}"), token).await.expect(200);
        asking.stop().await;
    }

    async fn a_misspelled_filter_does_not_list_every_user(backend: Backend) {
        let asking = Asking::start(backend).await;
        let list = async |query: &str| {
            asking.app.client.get(&format!("/api/v1/users{query}"), Some(&asking.admin.access)).await
        };
        assert_eq!(list("?").await.expect(200)["items"].as_array().unwrap().len(), 2);
        assert_eq!(list("?email=x@example.com").await.expect(200)["items"], Value::Array(Vec::new()));
        assert_eq!(list("?mail=x@example.com").await.wrong_values(), ["/mail unknown"]);
        asking.stop().await;
    }
}
