use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{App, Backend, both_backends};

/// Lists every operation, with `{id}` in place of the user's id.
fn operations() -> Vec<(Method, &'static str, Option<Value>)> {
    vec![
        (Method::GET, "/api/v1/users", None),
        (Method::GET, "/api/v1/users/{id}", None),
        (Method::PATCH, "/api/v1/users/{id}", Some(json!({ "name": "Eve" }))),
        (Method::DELETE, "/api/v1/users/{id}", None),
        (Method::GET, "/api/v1/users/{id}/sessions", None),
        (Method::DELETE, "/api/v1/users/{id}/sessions", None),
    ]
}

both_backends! {
    async fn only_administrators_have_access(backend: Backend) {
        let app = App::start(backend).await;
        let (victim, _) = app.new_user().await;
        let (_, user) = app.new_user().await;
        let before = app.history_of(&victim).await;
        let forged = format!("{}x", user.access);
        for (method, template, body) in operations() {
            let unknown = Uuid::from_u128(7).to_string();
            for id in [victim["id"].as_str().unwrap(), &user.user_id(), &unknown, "7"] {
                let path = template.replace("{id}", id);
                let send = async |token| app.client.send(method.clone(), &path, token, body.as_ref()).await;
                let answer = send(None).await;
                assert_eq!(answer.header("www-authenticate"), "Bearer");
                assert_eq!(answer.rejection(), (401, "invalid_token".to_owned()), "{method} {path}");
                let answer = send(Some(&forged)).await;
                assert_eq!(answer.rejection(), (401, "invalid_token".to_owned()), "{method} {path}");
                // The answer does not reveal whether the user exists either.
                let answer = send(Some(&user.access)).await;
                assert_eq!(answer.rejection(), (403, "forbidden".to_owned()), "{method} {path}");
            }
        }
        assert_eq!(app.history_of(&victim).await, before);
        app.stop().await;
    }

    async fn a_former_administrator_loses_access_at_once(backend: Backend) {
        let app = App::start(backend).await;
        let (first, second) = (app.new_admin().await, app.new_admin().await);
        let demoted = json!({ "id": second.user_id() });
        super::update(&app, &first, &demoted, json!({ "role": "user" })).await.expect(200);
        let answer = app.client.get("/api/v1/users", Some(&second.access)).await;
        assert_eq!(answer.rejection(), (403, "forbidden".to_owned()));
        app.client.get("/api/v1/users/me", Some(&second.access)).await.expect(200);
        app.stop().await;
    }

    async fn an_unknown_user_and_an_invalid_id_are_not_found(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let unknown = Uuid::from_u128(7).to_string();
        let ids = [&*unknown, "7", "me%20", "%00", "%ff", "..%2f..", "\u{202e}", "null", "00000000-0000-0000-0000"];
        for (method, template, body) in operations().into_iter().skip(1) {
            for id in ids {
                let path = template.replace("{id}", id);
                let answer = app.client.send(method.clone(), &path, Some(&admin.access), body.as_ref()).await;
                assert_eq!(answer.rejection(), (404, "not_found".to_owned()), "{method} {path}");
            }
        }
        app.stop().await;
    }
}
