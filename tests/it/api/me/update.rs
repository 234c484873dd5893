use std::time::Duration;

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, IF_MATCH};
use serde_json::{Value, json};

use crate::support::app::Login;
use crate::support::client::Answer;
use crate::support::{App, Backend, both_backends};

async fn update(app: &App, login: &Login, body: Value) -> Answer {
    app.client.send(Method::PATCH, "/api/v1/users/me", Some(&login.access), Some(&body)).await
}

both_backends! {
    async fn a_name_is_set_and_removed(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        app.clock.advance(Duration::from_mins(1));

        let named = update(&app, &login, json!({ "name": " e\u{301}lodie " })).await.expect(200);
        assert_eq!(named["name"], "\u{e9}lodie");
        assert_eq!(named["created_at"], user["created_at"]);
        assert_ne!(named["updated_at"], user["updated_at"]);
        let unnamed = update(&app, &login, json!({ "name": null })).await.expect(200);
        assert_eq!(unnamed["name"], Value::Null);
        assert_eq!(app.client.get("/api/v1/users/me", Some(&login.access)).await.expect(200), unnamed);

        let expected = ["registered", "updated", "updated"].map(|what| format!("svc.user.{what}.v1 by self"));
        let mut history = app.history_of(&user).await;
        history.retain(|line| line.contains("user."));
        assert_eq!(history, expected);
        let last = app.last_event_of(&user).await;
        assert_eq!((&last["name"], &last["version"]), (&Value::Null, &json!(3)));
        app.stop().await;
    }

    async fn without_a_change_there_is_no_event_and_no_new_version(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let named = update(&app, &login, json!({ "name": "Ada" })).await;
        assert_eq!(named.header("etag"), "\"2\"");
        let named = named.expect(200);
        let history = app.history_of(&user).await;
        app.clock.advance(Duration::from_mins(1));
        for body in [json!({}), json!({ "name": "Ada" }), json!({ "name": " Ada " })] {
            let answer = update(&app, &login, body.clone()).await;
            assert_eq!(answer.header("etag"), "\"2\"", "{body}");
            assert_eq!(answer.expect(200), named, "{body}");
        }
        assert_eq!(app.history_of(&user).await, history);
        app.stop().await;
    }

    async fn nothing_else_can_be_changed(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let body = json!({
            "name": "a\u{202e}b", "role": "admin", "status": "locked", "email": "x@example.com",
            "email_verified": true, "password": "another horse battery", "id": user["id"], "version": 7,
        });
        let answer = update(&app, &login, body).await;
        assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()));
        let mut wrong = answer.wrong_values();
        wrong.sort();
        let unknown = ["email", "email_verified", "id"].map(|name| format!("/{name} unknown")).into_iter();
        let unknown = unknown.chain(["/name control_character".to_owned()]);
        let more = ["password", "role", "status", "version"].map(|name| format!("/{name} unknown"));
        assert_eq!(wrong, unknown.chain(more).collect::<Vec<_>>());
        for (name, code) in [("", "empty"), (" \t", "empty"), (&*"x".repeat(101), "too_long")] {
            let answer = update(&app, &login, json!({ "name": name })).await;
            assert_eq!(answer.wrong_values(), [format!("/name {code}")]);
        }
        assert_eq!(app.client.get("/api/v1/users/me", Some(&login.access)).await.expect(200), user);
        app.stop().await;
    }

    async fn the_account_is_changed_only_in_the_version_that_was_read(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        let read = app.client.get("/api/v1/users/me", Some(&login.access)).await;
        let change = async |name: &str| {
            let request = app.client.request(Method::PATCH, "/api/v1/users/me").json(&json!({ "name": name }));
            let request = request.header(AUTHORIZATION, format!("Bearer {}", login.access));
            app.client.answer(request.header(IF_MATCH, read.header("etag"))).await
        };
        let changed = change("Ada").await;
        assert_ne!(changed.header("etag"), read.header("etag"));
        assert_eq!(changed.expect(200)["name"], "Ada");
        assert_eq!(change("Grace").await.rejection(), (412, "precondition_failed".to_owned()));
        assert_eq!(app.client.get("/api/v1/users/me", Some(&login.access)).await.expect(200)["name"], "Ada");
    }
}
