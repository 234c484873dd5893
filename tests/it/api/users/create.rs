use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::{Login, PASSWORD};
use crate::support::client::Answer;
use crate::support::{App, Backend, both_backends};

/// Creates a user as an administrator.
async fn create(app: &App, admin: &Login, body: Value) -> Answer {
    app.client.send(Method::POST, "/api/v1/users", Some(&admin.access), Some(&body)).await
}

both_backends! {
    async fn an_administrator_creates_a_user_who_can_log_in(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let email = App::address();
        let body = json!({
            "email": email, "name": "Ada", "role": "admin", "password": PASSWORD,
            "metadata": { "theme": "dark" }, "app_metadata": { "plan": "pro" },
        });
        let answer = create(&app, &admin, body.clone()).await;
        assert_eq!(answer.header("etag"), "\"1\"");
        let location = answer.header("location").to_owned();
        let user = answer.expect(201);
        for member in ["email", "name", "role", "metadata", "app_metadata"] {
            assert_eq!(user[member], body[member], "{member}");
        }
        assert_eq!((&user["email_verified"], &user["status"]), (&json!(false), &json!("active")));
        assert_eq!(location, format!("/api/v1/users/{}", user["id"].as_str().unwrap()));
        assert_eq!(app.client.get(&location, Some(&admin.access)).await.expect(200), user);
        app.log_in(&email).await;
        let by = format!("svc.user.registered.v1 by {}", admin.user_id());
        assert_eq!(app.history_of(&user).await[0], by);
        assert_eq!(create(&app, &admin, body).await.rejection(), (409, "email_taken".to_owned()));
        app.stop().await;
    }

    async fn a_user_has_either_a_password_or_an_invitation(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let wrong = async |more: Value| {
            let mut body = json!({ "email": App::address() });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let answer = create(&app, &admin, body).await;
            assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()));
            answer.wrong_values()
        };
        assert_eq!(wrong(json!({})).await, ["/password missing"]);
        assert_eq!(wrong(json!({ "invite": false })).await, ["/password missing"]);
        assert_eq!(wrong(json!({ "invite": true, "password": PASSWORD })).await, ["/invite conflicting"]);
        assert_eq!(wrong(json!({ "invite": "yes", "role": "root" })).await, ["/role unknown_word", "/invite wrong_type"]);
        assert_eq!(wrong(json!({ "password": "password" })).await, ["/password common_password"]);
        assert_eq!(wrong(json!({ "invite": true, "app_metadata": [] })).await, ["/app_metadata wrong_type"]);
        app.stop().await;
    }

    async fn only_administrators_create_users(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        let body = json!({ "email": App::address(), "password": PASSWORD });
        assert_eq!(create(&app, &login, body).await.rejection(), (403, "forbidden".to_owned()));
        app.stop().await;
    }
}
