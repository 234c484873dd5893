use reqwest::Method;
use reqwest::header::{AUTHORIZATION, IF_MATCH};
use serde_json::json;

use crate::support::{App, Backend, both_backends};

both_backends! {
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
        assert_eq!(change("Grace").await.refusal(), (412, "precondition_failed".to_owned()));
        assert_eq!(app.client.get("/api/v1/users/me", Some(&login.access)).await.expect(200)["name"], "Ada");
    }
}
