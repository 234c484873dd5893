use std::time::Duration;

use serde_json::{Value, json};
use svc::domain::SigningKey;

use super::{keys, verify};
use crate::support::app::Login;
use crate::support::client::Answer;
use crate::support::{App, Backend, both_backends};

async fn me(app: &App, login: &Login) -> Answer {
    app.client.get("/api/v1/users/me", Some(&login.access)).await
}

/// Returns the algorithms of the published keys, oldest first.
fn algorithms(keys: &Value) -> Vec<&str> {
    keys["keys"].as_array().unwrap().iter().map(|key| key["alg"].as_str().unwrap()).collect()
}

fn setting(algorithm: &str) -> String {
    format!("security.token.algorithm={algorithm}")
}

both_backends! {
    async fn each_algorithm_signs_and_its_tokens_survive_the_change_to_the_next(backend: Backend) {
        let mut app = App::start(backend).await;
        let (user, first) = app.new_user().await;
        let email = user["email"].as_str().unwrap();
        let mut logins = vec![("ES256", first)];
        for algorithm in ["EdDSA", "RS256", "HS256"] {
            app.clock.advance(Duration::from_secs(1));
            app = app.restart_with(&[&setting(algorithm)]).await;
            if algorithm != "HS256" {
                // The key is published. The old one signs until every service knows the new one.
                assert_eq!(algorithms(&keys(&app).await).last(), Some(&algorithm));
                let staged = app.log_in(email).await;
                let before = logins.last().unwrap().0;
                assert!(verify_unless_secret(before, &staged.access, &keys(&app).await));
                app.clock.advance(SigningKey::PUBLICATION);
                app.container.use_cases.keys.keep_up.run().await.unwrap();
                app.clock.advance(SigningKey::FOLLOWED);
            }
            logins.push((algorithm, app.log_in(email).await));
            let keys = keys(&app).await;
            // Each change takes 391 seconds, so the token before the last one has not expired.
            for (algorithm, login) in logins.iter().rev().take(3) {
                assert_eq!(me(&app, login).await.expect(200), user, "{algorithm}");
                // The HS256 key is secret: no other service can verify its signature, and nothing is
                // published.
                let verified = verify_unless_secret(algorithm, &login.access, &keys);
                assert_eq!(verified, *algorithm != "HS256");
            }
            let mut published: Vec<_> = logins.iter().map(|(algorithm, _)| *algorithm).collect();
            published.retain(|algorithm| *algorithm != "HS256");
            assert_eq!(algorithms(&keys), published);
        }
        app.stop().await;
    }

    async fn hs256_needs_no_key_in_the_store_and_publishes_none(backend: Backend) {
        let app = App::start_with(backend, &[&setting("HS256")], |builder| builder).await;
        assert_eq!(keys(&app).await, json!({ "keys": [] }));
        assert!(app.database.texts("SELECT id FROM signing_keys").await.is_empty());
        app.client.get("/health/ready", None).await.expect(200);
        let (user, login) = app.new_user().await;
        assert_eq!(me(&app, &login).await.expect(200), user);
        let app = app.restart_with(&[&setting("HS256")]).await;
        assert_eq!(me(&app, &login).await.expect(200), user);

        // After a change to another algorithm, tokens signed with the secret are not accepted any more.
        // Sessions continue.
        let app = app.restart().await;
        assert_eq!(me(&app, &login).await.rejection(), (401, "invalid_token".to_owned()));
        let token = json!({ "refresh_token": login.refresh });
        let next = Login::of(&app.client.post("/api/v1/auth/refresh", &token).await.expect(200));
        assert_eq!(me(&app, &next).await.expect(200), user);
        assert_eq!(algorithms(&keys(&app).await), ["ES256"]);
        app.stop().await;
    }

    async fn a_restart_makes_no_new_key(backend: Backend) {
        let app = App::start(backend).await;
        let before = keys(&app).await;
        let (_, login) = app.new_user().await;
        let app = app.restart().await;
        assert_eq!(keys(&app).await, before);
        me(&app, &login).await.expect(200);
        app.stop().await;
    }
}

/// Returns whether the token's key is published; then its signature must be valid and of this algorithm.
fn verify_unless_secret(algorithm: &str, token: &str, keys: &Value) -> bool {
    let verified = verify(token, keys);
    if let Some((header, _)) = &verified {
        assert_eq!(format!("{:?}", header.alg), algorithm);
    }
    verified.is_some()
}
