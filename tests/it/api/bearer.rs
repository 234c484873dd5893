//! Access tokens in the header `Authorization` (RFC 6750).

use std::time::Duration;

use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use serde_json::{Value, json};

use crate::support::client::Answer;
use crate::support::{App, Backend, both_backends};

const NO_TOKEN: &str = "Bearer";
const BAD_TOKEN: &str = r#"Bearer error="invalid_token""#;

/// Reads the own profile with these values of the header.
async fn me_with(app: &App, values: &[&str]) -> Answer {
    let request = app.client.request(Method::GET, "/api/v1/users/me");
    app.client
        .answer(values.iter().fold(request, |request, value| request.header(AUTHORIZATION, *value)))
        .await
}

#[track_caller]
fn expect_rejection(answer: &Answer, code: &str, challenge: &str) {
    assert_eq!(answer.rejection(), (401, code.to_owned()));
    assert_eq!(answer.header("www-authenticate"), challenge);
    assert_eq!(answer.header("cache-control"), "no-store");
}

both_backends! {
    async fn without_a_token_the_challenge_names_no_error(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        expect_rejection(&me_with(&app, &[]).await, "invalid_token", NO_TOKEN);
        for value in ["Basic YTpi", "Bearer", "Bearer ", "Bearer é", "", &login.access, &format!("Token {}", login.access)] {
            expect_rejection(&me_with(&app, &[value]).await, "invalid_token", NO_TOKEN);
        }
        app.stop().await;
    }

    async fn a_foreign_token_is_reported_as_invalid(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        let cut = &login.access[..login.access.len() - 1];
        for token in ["x", "a.b.c", cut, &format!("{} x", login.access), &login.refresh] {
            expect_rejection(&me_with(&app, &[&format!("Bearer {token}")]).await, "invalid_token", BAD_TOKEN);
        }
        app.stop().await;
    }

    async fn the_scheme_has_no_case(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        for scheme in ["Bearer", "bearer", "BEARER"] {
            me_with(&app, &[&format!("{scheme} {}", login.access)]).await.expect(200);
        }
        app.stop().await;
    }

    async fn two_tokens_are_none(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        let good = format!("Bearer {}", login.access);
        for values in [[good.as_str(), "Bearer x"], ["Bearer x", &good], ["Basic YTpi", &good], [&good, &good]] {
expect_rejection(&me_with(&app, &values).await, "invalid_token", NO_TOKEN);
        }
        app.stop().await;
    }

    async fn a_token_expires(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        // The clocks of two replicas may be half a minute apart.
        app.clock.advance(Duration::from_secs(15 * 60 + 29));
        app.me(&login.access).await.expect(200);
        app.clock.advance(Duration::from_secs(1));
        expect_rejection(&app.me(&login.access).await, "invalid_token", BAD_TOKEN);
        let login = app.refreshed(&login).await;
        app.me(&login.access).await.expect(200);
        app.stop().await;
    }

    async fn a_session_ends_before_its_token_expires(backend: Backend) {
        let app = App::start_with(backend, &["security.token.refresh_idle=60s"], |builder| builder).await;
        let (_, login) = app.new_user().await;
        app.clock.advance(Duration::from_mins(1));
        expect_rejection(&app.me(&login.access).await, "session_expired", BAD_TOKEN);

        let (_, login) = app.new_user().await;
        app.log_out(&login.refresh).await.expect(204);
        expect_rejection(&app.me(&login.access).await, "session_revoked", BAD_TOKEN);
        app.stop().await;
    }

    async fn a_user_is_locked_or_deleted_before_their_token_expires(backend: Backend) {
        let app = App::start(backend).await;
        let replica = app.replica().await;
        let admin = app.new_admin().await;
        let (user, login) = app.new_user().await;
        app.set_status(&admin, &user, "locked").await;
        for app in [&app, &replica] {
            expect_rejection(&app.me(&login.access).await, "session_revoked", BAD_TOKEN);
        }
        let (user, login) = app.new_user().await;
        app.delete(&admin, &user).await;
        for app in [&app, &replica] {
            expect_rejection(&app.me(&login.access).await, "invalid_token", BAD_TOKEN);
        }
        replica.stop().await;
        app.stop().await;
    }

    async fn every_operation_with_a_security_requirement_needs_a_token(backend: Backend) {
        let app = App::start(backend).await;
        let document: Value = serde_json::from_str(&svc::api::openapi_document(&"http://svc.test".into())).unwrap();
        let mut locked = 0;
        for (path, item) in document["paths"].as_object().unwrap() {
            let path = path.replace("{id}", "019b7c2a-5b2c-7d4e-8f60-718293a4b5c6");
            for (method, operation) in item.as_object().unwrap() {
                // An empty requirement among them makes the others optional.
                let security = operation["security"]
                    .as_array()
                    .is_some_and(|schemes| !schemes.is_empty() && !schemes.contains(&json!({})));
                let method: Method = method.to_uppercase().parse().unwrap();
                if security {
                    locked += 1;
                    let answer = app.client.send(method, &path, None, None).await;
                    expect_rejection(&answer, "invalid_token", NO_TOKEN);
                }
            }
        }
        assert!(locked >= 13, "{locked}");
        app.stop().await;
    }
}
