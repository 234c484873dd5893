//! The log contains no secret, at any level.

use reqwest::Method;
use serde_json::json;

use crate::support::app::Login;
use crate::support::process::{Installation, Ran};
use crate::support::{Backend, both_backends};

const PASSWORD: &str = "correct horse battery";
const SECRET_KEY: &str = "pX9ZtS3vQm7LwR2cYb8NkF5hJd1GaV6e";

both_backends! {
    async fn the_most_verbose_log_contains_no_secret(backend: Backend) {
        let installation = Installation::migrated(backend).await.set("SVC_SECURITY__SECRET_KEY", SECRET_KEY);
        let serving = installation.serve_with(&["-vv"]);
        serving.ready().await;
        let client = &serving.client;
        let body = json!({ "email": "ada@example.com", "password": PASSWORD });
        client.post("/api/v1/auth/register", &body).await.expect(201);
        let login = Login::of(&client.post("/api/v1/auth/login", &body).await.expect(200));
        let refresh = json!({ "refresh_token": login.refresh });
        let next = Login::of(&client.post("/api/v1/auth/refresh", &refresh).await.expect(200));
        let change = json!({ "current_password": PASSWORD, "new_password": "another horse battery" });
        let path = "/api/v1/users/me/password";
        client.send(Method::POST, path, Some(&next.access), Some(&change)).await.expect(204);
        let wrong = json!({ "email": "ada@example.com", "password": "wrong horse battery" });
        client.post("/api/v1/auth/login", &wrong).await.expect(401);
        serving.terminate();
        let ran = serving.ended().expect(0);
        assert!(ran.stderr.contains("INSERT INTO users"), "not even the libraries are silent: {}", ran.stderr);

        let hashes = installation.texts("SELECT password_hash FROM users").await;
        let ran = [PASSWORD, "another horse", "wrong horse", SECRET_KEY, &hashes[0]]
            .into_iter()
            .fold(ran, Ran::hides);
        // The last part of a token is its secret.
        for token in [&login.access, &next.access, &login.refresh, &next.refresh] {
            assert!(!ran.stderr.contains(&token[token.len() - 20..]), "{}", ran.stderr);
        }
    }
}
