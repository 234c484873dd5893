use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, IF_MATCH};
use serde_json::{Value, json};
use svc::domain::Metadata;

use crate::support::app::{Login, PASSWORD};
use crate::support::client::Answer;
use crate::support::{App, Backend, both_backends};

async fn update(app: &App, login: &Login, body: Value) -> Answer {
    app.client.send(Method::PATCH, "/api/v1/users/me", Some(&login.access), Some(&body)).await
}

/// Sends a body that `serde_json` would not write.
async fn update_with(app: &App, login: &Login, body: &str) -> Answer {
    let request = app.client.request(Method::PATCH, "/api/v1/users/me").body(body.to_owned());
    let request = request.header(CONTENT_TYPE, "application/json");
    app.client.answer(request.header(AUTHORIZATION, format!("Bearer {}", login.access))).await
}

async fn me(app: &App, login: &Login) -> Value {
    app.client.get("/api/v1/users/me", Some(&login.access)).await.expect(200)
}

both_backends! {
    async fn a_user_reads_and_merges_their_metadata(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        assert_eq!((&user["metadata"], &user["app_metadata"]), (&json!({}), &json!({})));
        for (patch, after) in [
            (json!({ "theme": "dark", "tour": { "step": 1 } }), json!({ "theme": "dark", "tour": { "step": 1 } })),
            (json!({ "tour": { "done": true } }), json!({ "theme": "dark", "tour": { "step": 1, "done": true } })),
            (json!({ "theme": null, "tour": { "step": null } }), json!({ "tour": { "done": true } })),
            (json!({ "tour": [null, 0.1, -7] }), json!({ "tour": [null, 0.1, -7] })),
            (json!({}), json!({ "tour": [null, 0.1, -7] })),
            (Value::Null, json!({})),
        ] {
            let answer = update(&app, &login, json!({ "metadata": patch })).await.expect(200);
            assert_eq!(answer["metadata"], after, "{patch}");
            assert_eq!(me(&app, &login).await, answer, "{patch}");
        }
        let mut history = app.history_of(&user).await;
        history.retain(|line| line.contains("user.updated"));
        assert_eq!(history, ["svc.user.updated.v1 by self"; 5], "one per change");
        assert_eq!(app.last_event_of(&user).await["metadata"], Value::Null, "not in events by default");
        app.stop().await;
    }

    async fn a_user_registers_with_metadata(backend: Backend) {
        let app = App::start(backend).await;
        let body = |metadata: Value| json!({ "email": App::address(), "password": PASSWORD, "metadata": metadata });
        let register = async |metadata| app.client.post("/api/v1/auth/register", &body(metadata)).await;
        let user = register(json!({ "theme": "dark", "none": null })).await.expect(201);
        assert_eq!(user["metadata"], json!({ "theme": "dark" }));
        assert_eq!(register(Value::Null).await.expect(201)["metadata"], json!({}));
        let wrong = register(json!({ "a": "x".repeat(Metadata::LONGEST) })).await;
        assert_eq!(wrong.rejection(), (413, "payload_too_large".to_owned()), "no schema expresses the size");
        assert_eq!(wrong.wrong_values(), ["/metadata too_large"]);
        app.stop().await;
    }

    async fn each_wrong_value_is_named_at_its_place_and_nothing_changes(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        let before = update(&app, &login, json!({ "metadata": { "kept": 1 } })).await.expect(200);
        let deep = |levels: usize| format!("{}1{}", r#"{"a":"#.repeat(levels), "}".repeat(levels));
        for (metadata, wrong) in [
            ("[]", "/metadata wrong_type".to_owned()),
            (r#""x""#, "/metadata wrong_type".to_owned()),
            (r#"{"a":{"b":1,"c":2,"b":3}}"#, "/metadata/a/b duplicate".to_owned()),
            (r#"{"a":[0,1e400]}"#, "/metadata/a/1 out_of_range".to_owned()),
            (r#"{"a":9007199254740992}"#, "/metadata/a out_of_range".to_owned()),
            (r#"{"a":-123456789012345678901234567890}"#, "/metadata/a out_of_range".to_owned()),
            (r#"{"a/b~c":{"d":"\u0000"}}"#, "/metadata/a~1b~0c/d control_character".to_owned()),
            (r#"{"\u0000":1}"#, "/metadata/\0 control_character".to_owned()),
            (&deep(Metadata::DEEPEST + 1), format!("/metadata{} too_deep", "/a".repeat(Metadata::DEEPEST))),
            (&deep(1000), "/metadata too_deep".to_owned()),
        ] {
            let answer = update_with(&app, &login, &format!(r#"{{"name":"New","metadata":{metadata}}}"#)).await;
            assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()), "{metadata:.60}");
            assert_eq!(answer.wrong_values(), [wrong], "{metadata:.60}");
        }
        let two = update_with(&app, &login, r#"{"metadata":{"a":1e300,"b":{"c":1e300},"d":1}}"#).await;
        assert_eq!(two.wrong_values(), ["/metadata/a out_of_range", "/metadata/b/c out_of_range"]);
        let many = update(&app, &login, json!({ "metadata": { "a": vec![1e300; 1000] } })).await;
        assert_eq!(many.wrong_values().len(), 20, "{}", many.status);
        let twice = update_with(&app, &login, r#"{"metadata":{},"metadata":{}}"#).await;
        assert_eq!(twice.rejection(), (400, "malformed_request".to_owned()), "as for any member of a body");
        assert_eq!(update(&app, &login, json!({ "app_metadata": {} })).await.wrong_values(), ["/app_metadata unknown"]);
        assert_eq!(me(&app, &login).await, before);
        app.stop().await;
    }

    async fn the_metadata_has_at_most_8_kib_after_a_change(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        let text = "é".repeat((Metadata::LONGEST - r#"{"a":""}"#.len()) / 2);
        let full = update(&app, &login, json!({ "metadata": { "a": text } })).await.expect(200);
        let more = update(&app, &login, json!({ "metadata": { "b": 1 } })).await;
        assert_eq!(more.rejection(), (413, "payload_too_large".to_owned()));
        assert_eq!(more.wrong_values(), ["/metadata too_large"]);
        assert_eq!(me(&app, &login).await, full);
        let fits = update(&app, &login, json!({ "metadata": { "a": null, "b": 1 } })).await.expect(200);
        assert_eq!(fits["metadata"], json!({ "b": 1 }));
        app.stop().await;
    }

    async fn the_metadata_is_changed_only_in_the_version_that_was_read(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        let read = app.client.get("/api/v1/users/me", Some(&login.access)).await;
        let change = async |step: u8| {
            let body = json!({ "metadata": { "step": step } });
            let request = app.client.request(Method::PATCH, "/api/v1/users/me").json(&body);
            let request = request.header(AUTHORIZATION, format!("Bearer {}", login.access));
            app.client.answer(request.header(IF_MATCH, read.header("etag"))).await
        };
        let changed = change(1).await;
        assert_eq!(changed.header("etag"), "\"2\"");
        assert_eq!(change(2).await.rejection(), (412, "precondition_failed".to_owned()));
        assert_eq!(me(&app, &login).await["metadata"], json!({ "step": 1 }));
        app.stop().await;
    }

    async fn events_contain_the_metadata_if_the_setting_says_so(backend: Backend) {
        let app = App::start_with(backend, &["events.include_metadata=true"], |builder| builder).await;
        let (user, login) = app.new_user().await;
        update(&app, &login, json!({ "metadata": { "theme": "dark" } })).await.expect(200);
        let last = app.last_event_of(&user).await;
        assert_eq!((&last["metadata"], &last["app_metadata"]), (&json!({ "theme": "dark" }), &json!({})));
        app.stop().await;
    }

    async fn a_change_by_an_older_release_keeps_the_metadata(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let metadata = json!({ "theme": "dark" });
        update(&app, &login, json!({ "metadata": metadata })).await.expect(200);
        // The statements of the release before the columns.
        app.database.execute("UPDATE users SET email_verified = email_verified, name = 'Old', role = role, \
            status = status, updated_at = updated_at, version = version + 1").await.unwrap();
        let admin = app.new_admin().await;
        let path = format!("/api/v1/users?email={}", user["email"].as_str().unwrap());
        let found = app.client.get(&path, Some(&admin.access)).await.expect(200)["items"][0].clone();
        assert_eq!((&found["name"], &found["metadata"]), (&json!("Old"), &metadata));
        app.stop().await;
    }
}
