use reqwest::Method;
use serde_json::json;

use crate::support::{App, Backend, both_backends};

both_backends! {
    async fn a_user_sees_their_own_account_with_its_version(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        app.new_user().await;
        let answer = app.client.get("/api/v1/users/me", Some(&login.access)).await;
        assert_eq!((answer.header("etag"), answer.header("cache-control")), ("\"1\"", "no-store"));
        assert_eq!(answer.expect(200), user);

        let name = json!({ "name": "Ada" });
        let changed = app.client.send(Method::PATCH, "/api/v1/users/me", Some(&login.access), Some(&name)).await;
        let answer = app.client.get("/api/v1/users/me", Some(&login.access)).await;
        assert_eq!((changed.header("etag"), answer.header("etag")), ("\"2\"", "\"2\""));
        assert_eq!(answer.expect(200), changed.expect(200));
        app.stop().await;
    }

    async fn an_account_is_shown_as_it_is_after_each_change(backend: Backend) {
        let app = App::start(backend).await.cached().await;
        let (user, login) = app.new_user().await;
        let admin = app.new_admin().await;
        let path = format!("/api/v1/users/{}", user["id"].as_str().unwrap());
        let mut shown = user;
        for (version, change) in [
            json!({ "name": "Ada" }),
            json!({ "locale": "de" }),
            json!({ "app_metadata": { "plan": "pro" } }),
            json!({ "app_metadata": null, "name": null }),
        ].iter().enumerate() {
            // The answer is kept after the first read.
            for (path, token) in [("/api/v1/users/me", &login.access), (&path, &admin.access)].repeat(2) {
                let answer = app.client.get(path, Some(token)).await;
                assert_eq!(answer.header("etag"), format!("\"{}\"", version + 1), "{path}");
                assert_eq!(answer.header("content-type"), "application/json; charset=utf-8");
                assert_eq!(answer.expect(200), shown, "{path}");
            }
            let changed = app.client.send(Method::PATCH, &path, Some(&admin.access), Some(change)).await;
            shown = changed.expect(200);
        }
        app.stop().await;
    }

    async fn without_a_token_nothing_is_shown(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        let answer = app.client.get("/api/v1/users/me", None).await;
        assert_eq!(answer.rejection(), (401, "invalid_token".to_owned()));
        assert_eq!(answer.header("www-authenticate"), "Bearer");

        // A refresh token is not an access token.
        let answer = app.client.get("/api/v1/users/me", Some(&login.refresh)).await;
        assert_eq!(answer.rejection(), (401, "invalid_token".to_owned()));
        assert_eq!(answer.header("www-authenticate"), r#"Bearer error="invalid_token""#);
        app.stop().await;
    }
}
