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
