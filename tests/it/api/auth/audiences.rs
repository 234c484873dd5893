//! Tokens for other services: the audience that a log-in chooses, and claims of the user.

use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use svc::domain::UserRef;
use svc::usecases::{IssueTokenError, TokenRequest};

use crate::support::app::{Login, PASSWORD};
use crate::support::client::{Answer, claims};
use crate::support::metrics::metrics_page;
use crate::support::{App, Backend, both_backends, given};

const OWN: &str = "http://svc.test";
const SHOP: &str = "https://shop.example.com";
const AUDIENCES: &str = "security.token.audience=http://svc.test,https://shop.example.com";

async fn log_in_for(app: &App, user: &Value, audience: &Value) -> Answer {
    let body = json!({ "email": user["email"], "password": PASSWORD, "audience": audience });
    app.client.post("/api/v1/auth/login", &body).await
}

both_backends! {
    async fn a_session_keeps_the_audience_that_the_log_in_chose(backend: Backend) {
        let app = App::start_with(backend, &[AUDIENCES], |builder| builder).await;
        let user = app.register(&App::address()).await;
        for (asked, audience) in [(json!(null), OWN), (json!(OWN), OWN), (json!(SHOP), SHOP), (json!(format!(" {SHOP} ")), SHOP)] {
            let login = Login::of(&log_in_for(&app, &user, &asked).await.expect(200));
            assert_eq!(claims(&login.access)["aud"], audience);
            let next = app.refreshed(&login).await;
            assert_eq!(claims(&next.access)["aud"], audience);
            // The previous token again: another statement finds the session.
            let repeated = app.refreshed(&login).await;
            assert_eq!((&repeated.refresh, &claims(&repeated.access)["aud"]), (&next.refresh, &json!(audience)));
        }

        // One without a choice has the default of the moment.
        let own = Login::of(&log_in_for(&app, &user, &json!(OWN)).await.expect(200));
        let app = app.restart_with(&["security.token.audience=https://new.example.com"]).await;
        let own = app.refreshed(&own).await;
        assert_eq!(claims(&own.access)["aud"], "https://new.example.com");
        app.me(&own.access).await.expect(200);
        app.stop().await;
    }

    async fn a_session_gets_no_tokens_while_its_audience_is_not_one_of_the_others(backend: Backend) {
        let app = App::start_with(backend, &[AUDIENCES], |builder| builder).await;
        let user = app.register(&App::address()).await;
        let first = Login::of(&log_in_for(&app, &user, &json!(SHOP)).await.expect(200));
        let login = app.refreshed(&first).await;
        let mut app = app;
        // Removed; the name of the service itself, so that the tokens would open everything here.
        for audiences in ["http://svc.test,reports", "https://shop.example.com,http://svc.test"] {
            app = app.restart_with(&[&format!("security.token.audience={audiences}")]).await;
            // The newest token, and the previous one, which would get the same successor.
            for token in [&login.refresh, &first.refresh] {
                let refused = app.client.post("/api/v1/auth/refresh", &json!({ "refresh_token": token })).await;
                let detail = refused.json()["detail"].clone();
                assert_eq!(refused.rejection(), (401, "session_revoked".to_owned()));
                assert!(detail.as_str().unwrap().contains("no longer issued for the service"), "{detail}");
            }
            let page = metrics_page(&app).await;
            let count = |outcome| {
                let sample = format!(r#"svc_security_decisions_total{{operation="refresh",outcome="{outcome}"}} "#);
                page.lines().find_map(|line| line.strip_prefix(&sample).map(str::to_owned))
            };
            assert_eq!((count("audience_not_served").as_deref(), count("session_revoked")), (Some("2"), None));
        }
        // Nothing was consumed or revoked: an audience that comes back brings its sessions back.
        let app = app.restart_with(&[AUDIENCES]).await;
        assert_eq!(app.live_sessions(&user).await, 1);
        let next = app.refreshed(&login).await;
        assert_eq!(claims(&next.access)["aud"], SHOP);
        app.stop().await;
    }

    async fn a_token_for_another_service_opens_nothing_here(backend: Backend) {
        let app = App::start_with(backend, &[AUDIENCES], |builder| builder).await;
        let user = app.register(&App::address()).await;
        let login = Login::of(&log_in_for(&app, &user, &json!(SHOP)).await.expect(200));
        assert_eq!(app.me(&login.access).await.rejection(), (401, "invalid_token".to_owned()));
        let all = app.client.send(Method::POST, "/api/v1/auth/logout-all", Some(&login.access), None).await;
        assert_eq!(all.rejection(), (401, "invalid_token".to_owned()));
        let body = json!({ "refresh_token": login.refresh });
        app.client.post("/api/v1/auth/logout", &body).await.expect(204);
        app.stop().await;
    }

    async fn an_audience_that_is_not_listed_is_a_wrong_value(backend: Backend) {
        let app = App::start_with(backend, &[AUDIENCES], |builder| builder).await;
        let user = app.register(&App::address()).await;
        for audience in ["https://shop.example.com/", "https://SHOP.example.com", "*", "http://svc.test,https://shop.example.com"] {
            let answer = log_in_for(&app, &user, &json!(audience)).await;
            assert_eq!(answer.wrong_values(), ["/audience unknown_word"], "{audience}");
        }
        for (audience, wrong) in [
            (json!([SHOP]), "/audience wrong_type"),
            (json!(" "), "/audience empty"),
            (json!("a".repeat(256)), "/audience too_long"),
        ] {
            assert_eq!(log_in_for(&app, &user, &audience).await.wrong_values(), [wrong]);
        }
        // Before the password is looked at: the answer says nothing about it.
        let body = json!({ "email": user["email"], "password": "incorrect horse", "audience": "*" });
        assert_eq!(app.client.post("/api/v1/auth/login", &body).await.wrong_values(), ["/audience unknown_word"]);
        assert_eq!(app.live_sessions(&user).await, 0);
        app.stop().await;
    }

    async fn cookies_are_for_this_service_alone(backend: Backend) {
        let app = App::start_with(backend, &[AUDIENCES], |builder| builder).await;
        let user = app.register(&App::address()).await;
        let log_in = async |audience: &str| {
            let body = json!({ "email": user["email"], "password": PASSWORD, "audience": audience, "transport": "cookie" });
            let request = app.client.request(Method::POST, "/api/v1/auth/login").json(&body);
            app.client.answer(request.header("origin", OWN)).await
        };
        assert_eq!(log_in(SHOP).await.wrong_values(), ["/audience unknown_word"]);
        assert_eq!(app.live_sessions(&user).await, 0);
        log_in(OWN).await.expect(204);
        app.stop().await;
    }

    async fn claims_of_the_user_are_those_of_the_moment(backend: Backend) {
        let settings = ["security.token.claims=email,email_verified,https://example.com/name=name"];
        let app = App::start_with(backend, &settings, |builder| builder).await;
        let email = App::address();
        let user = app.register(&email).await;
        let login = app.log_in(&email).await;
        let of_user = |token: &str| {
            let claims = claims(token);
            json!([claims["email"], claims["email_verified"], claims["https://example.com/name"]])
        };
        assert_eq!(of_user(&login.access), json!([email, false, user["name"]]));
        assert_eq!(claims(&login.access)["roles"], json!(["user"]));
        app.me(&login.access).await.expect(200);

        let rename = json!({ "name": "Ada \"Countess\" Lovelace" });
        app.client.send(Method::PATCH, "/api/v1/users/me", Some(&login.access), Some(&rename)).await.expect(200);
        let next = app.refreshed(&login).await;
        assert_eq!(of_user(&next.access), json!([email, false, "Ada \"Countess\" Lovelace"]));
        let repeated = app.refreshed(&login).await;
        assert_eq!(of_user(&repeated.access), of_user(&next.access));

        // A claim without a value is left out.
        let none = json!({ "name": null });
        app.client.send(Method::PATCH, "/api/v1/users/me", Some(&next.access), Some(&none)).await.expect(200);
        let last = app.refreshed(&next).await;
        assert_eq!(of_user(&last.access), json!([email, false, null]));
        assert!(claims(&last.access).as_object().unwrap().keys().all(|name| !name.contains("name")));

        let metadata = app.client.get("/.well-known/openid-configuration", None).await.expect(200);
        let supported = metadata["claims_supported"].as_array().unwrap();
        assert_eq!(supported[supported.len() - 3..], ["email", "email_verified", "https://example.com/name"]);

        // A replica with other settings accepts the token.
        let app = app.restart_with(&["security.token.claims="]).await;
        app.me(&last.access).await.expect(200);
        let plain = app.refreshed(&last).await;
        assert_eq!(of_user(&plain.access), json!([null, null, null]));
        app.stop().await;
    }

    async fn members_of_the_metadata_are_claims(backend: Backend) {
        let settings = ["security.token.claims=metadata.plan,tenant=app_metadata.shop.tenant,tags=app_metadata.tags"];
        let app = App::start_with(backend, &settings, |builder| builder).await;
        let email = App::address();
        let user = app.register(&email).await;
        let admin = app.new_admin().await;
        let of_user = |token: &str| {
            let claims = claims(token);
            json!([claims["metadata.plan"], claims["tenant"], claims["tags"]])
        };
        let login = app.log_in(&email).await;
        assert!(claims(&login.access).as_object().unwrap().keys().all(|name| !name.contains("plan")));
        app.me(&login.access).await.expect(200);

        let set = async |path: &str, token: &str, member: &str, value: Value| {
            let body = json!({ member: value });
            app.client.send(Method::PATCH, path, Some(token), Some(&body)).await.expect(200);
        };
        let path = format!("/api/v1/users/{}", user["id"].as_str().unwrap());
        set("/api/v1/users/me", &login.access, "metadata", json!({ "plan": { "name": "a \"b\" \u{1f600}" } })).await;
        set(&path, &admin.access, "app_metadata", json!({ "shop": { "tenant": 7 }, "tags": ["a", 0.5, null] })).await;
        let expected = json!([{ "name": "a \"b\" \u{1f600}" }, 7, ["a", 0.5, null]]);
        let login = app.refreshed(&login).await;
        assert_eq!(of_user(&login.access), expected);
        assert_eq!(of_user(&app.log_in(&email).await.access), expected);
        app.me(&login.access).await.expect(200);

        // The longest metadata shuts no user out, and takes the room of no other claim.
        let longest = |bytes: usize| json!({ "plan": "x".repeat(bytes) });
        set("/api/v1/users/me", &login.access, "metadata", longest(254)).await;
        let login = app.refreshed(&login).await;
        assert_eq!(of_user(&login.access)[0], "x".repeat(254));
        set("/api/v1/users/me", &login.access, "metadata", longest(255)).await;
        set(&path, &admin.access, "app_metadata", json!({ "tags": ["x".repeat(8_000)] })).await;
        let login = app.refreshed(&login).await;
        set("/api/v1/users/me", &login.access, "metadata", longest(8_192 - 11)).await;
        for login in [app.refreshed(&login).await, app.log_in(&email).await] {
            assert_eq!(of_user(&login.access), json!([null, 7, null]));
            app.me(&login.access).await.expect(200);
        }
        app.stop().await;
    }

    async fn an_operator_chooses_an_audience_too(backend: Backend) {
        let app = App::start_with(backend, &[AUDIENCES, "security.token.claims=email,email_verified"], |builder| builder).await;
        let email = App::address();
        app.register(&email).await;
        let issue = async |audience: &str| {
            let audience = Some(given::audience(audience));
            let user = UserRef::Email(given::email(&email));
            let request = TokenRequest { user, ttl: None, refresh: true, audience, actor: given::operator() };
            app.container.use_cases.auth.issue_token.run(&request).await
        };
        let issued = issue(SHOP).await.unwrap();
        let issued_claims = claims(issued.access_token.expose_secret());
        assert_eq!((&issued_claims["aud"], &issued_claims["email"]), (&json!(SHOP), &json!(email)));
        let body = json!({ "refresh_token": issued.refresh_token.unwrap().expose_secret() });
        let pair = app.client.post("/api/v1/auth/refresh", &body).await.expect(200);
        assert_eq!(claims(pair["access_token"].as_str().unwrap())["aud"], SHOP);
        assert!(matches!(issue("https://other.example.com").await, Err(IssueTokenError::UnknownAudience)));
        app.stop().await;
    }
}
