use reqwest::Method;
use serde_json::{Value, json};

use super::{path, update};
use crate::support::{App, Backend, both_backends};

both_backends! {
    async fn an_administrator_changes_what_the_user_only_reads(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let (user, login) = app.new_user().await;
        let mine = async || app.client.get("/api/v1/users/me", Some(&login.access)).await;
        assert_eq!(mine().await.expect(200)["app_metadata"], json!({}));

        let answer = update(&app, &admin, &user, json!({ "app_metadata": { "plan": "pro", "seats": 5 } })).await;
        assert_eq!(answer.header("etag"), "\"2\"");
        assert_eq!(answer.expect(200)["app_metadata"], json!({ "plan": "pro", "seats": 5 }));
        let seen = mine().await.expect(200);
        assert_eq!((&seen["app_metadata"], &seen["metadata"]), (&json!({ "plan": "pro", "seats": 5 }), &json!({})));
        let merged = update(&app, &admin, &user, json!({ "app_metadata": { "seats": null } })).await.expect(200);
        assert_eq!(merged["app_metadata"], json!({ "plan": "pro" }));
        assert_eq!(app.client.get(&path(&user), Some(&admin.access)).await.expect(200), merged);
        let by = format!("svc.user.updated.v1 by {}", admin.user_id());
        let mut history = app.history_of(&user).await;
        history.retain(|line| line.contains("user.updated"));
        assert_eq!(history, [by.clone(), by]);

        // Neither writes what the other one does.
        let body = json!({ "app_metadata": {} });
        let own = app.client.send(Method::PATCH, "/api/v1/users/me", Some(&login.access), Some(&body)).await;
        assert_eq!(own.wrong_values(), ["/app_metadata unknown"]);
        assert_eq!(update(&app, &admin, &user, json!({ "metadata": {} })).await.wrong_values(), ["/metadata unknown"]);
        let cleared = update(&app, &admin, &user, json!({ "app_metadata": null })).await.expect(200);
        assert_eq!(cleared["app_metadata"], json!({}));
        app.stop().await;
    }

    /// Each is as long as it may be, and sent as many clients do: every letter is an escape of six bytes.
    async fn both_may_be_full_in_one_body(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let (user, login) = app.new_user().await;
        let most = (8192 - r#"{"k":""}"#.len()) / "é".len();
        let full = |letters: usize| format!(r#"{{"k":"{}"}}"#, "\\u00e9".repeat(letters));
        let send = async |method, path: &str, token: &str, body: String| {
            let request = app.client.request(method, path).bearer_auth(token);
            let request = request.header("content-type", "application/json");
            app.client.answer(request.body(body)).await
        };
        let both = |letters| format!(r#""metadata":{},"app_metadata":{}"#, full(letters), full(letters));
        let new = |letters| {
            let (email, both) = (App::address(), both(letters));
            format!(r#"{{"email":"{email}","password":"{}",{both}}}"#, crate::support::app::PASSWORD)
        };
        let created = send(Method::POST, "/api/v1/users", &admin.access, new(most)).await.expect(201);
        assert_eq!(created["app_metadata"]["k"].as_str().unwrap().chars().count(), most);
        let refused = send(Method::POST, "/api/v1/users", &admin.access, new(most + 1)).await;
        assert_eq!(refused.wrong_values(), ["/metadata too_large", "/app_metadata too_large"]);
        let patch = format!(r#"{{"app_metadata":{},"name":"Ada"}}"#, full(most));
        send(Method::PATCH, &path(&user), &admin.access, patch).await.expect(200);
        let own = format!(r#"{{"metadata":{}}}"#, full(most));
        send(Method::PATCH, "/api/v1/users/me", &login.access, own).await.expect(200);
        app.stop().await;
    }

    async fn metadata_that_is_too_long_after_the_change_is_refused(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = app.register(&App::address()).await;
        let half = "x".repeat(5000);
        update(&app, &admin, &user, json!({ "app_metadata": { "a": half } })).await.expect(200);
        let answer = update(&app, &admin, &user, json!({ "app_metadata": { "b": half }, "name": "Ada" })).await;
        assert_eq!(answer.rejection(), (413, "payload_too_large".to_owned()));
        assert_eq!(answer.wrong_values(), ["/app_metadata too_large"]);
        let after = app.client.get(&path(&user), Some(&admin.access)).await.expect(200);
        assert_eq!((&after["name"], &after["app_metadata"]), (&Value::Null, &json!({ "a": half })));
        app.stop().await;
    }
}
