use reqwest::Method;
use reqwest::header::ORIGIN;
use serde_json::json;

use super::cookies;
use crate::support::app::PASSWORD;
use crate::support::client::Answer;
use crate::support::{App, Backend, both_backends};

/// Logs a user in from this origin.
async fn log_in(app: &App, origin: &str) -> Answer {
    let email = App::address();
    app.register(&email).await;
    let body = json!({ "email": email, "password": PASSWORD, "transport": "cookie" });
    let request = app.client.request(Method::POST, "/api/v1/auth/login").header(ORIGIN, origin);
    app.client.answer(request.json(&body)).await
}

/// Replaces the values of the cookies.
fn without_values(answer: &Answer) -> Vec<String> {
    let shown = |cookie: &&str| {
        let (pair, attributes) = cookie.split_once("; ").unwrap();
        format!("{}=; {attributes}", pair.split_once('=').unwrap().0)
    };
    cookies(answer).iter().map(shown).collect()
}

both_backends! {
    async fn in_production_no_other_host_can_set_them(backend: Backend) {
        for (setting, same_site) in [("lax", "Lax"), ("strict", "Strict")] {
            let setting = format!("security.cookies.same_site={setting}");
            let settings = ["server.public_url=https://auth.example.com", &setting];
            let app = App::start_with(backend, &settings, |builder| builder).await;
            let answer = log_in(&app, "https://auth.example.com").await;
            assert_eq!(without_values(&answer), [
                format!("__Host-svc_access=; Max-Age=900; Path=/; HttpOnly; SameSite={same_site}; Secure"),
                format!("__Host-svc_refresh=; Max-Age=2592000; Path=/; HttpOnly; SameSite={same_site}; Secure"),
            ]);
            app.stop().await;
        }
    }

    async fn on_loopback_without_tls_they_have_no_prefix(backend: Backend) {
        for own in ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"] {
            let app = App::start_with(backend, &[&format!("server.public_url={own}")], |builder| builder).await;
            let answer = log_in(&app, own).await;
            assert_eq!(without_values(&answer), [
                "svc_access=; Max-Age=900; Path=/; HttpOnly; SameSite=Lax",
                "svc_refresh=; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax",
            ]);
            app.stop().await;
        }
    }

    async fn cookies_of_loopback_are_not_for_pages_with_tls(backend: Backend) {
        let own = "http://127.0.0.1:8000";
        let settings = [&format!("server.public_url={own}"), "server.allowed_origins=https://app.test, http://localhost:5500"];
        let app = App::start_with(backend, &settings, |builder| builder).await;
        let answer = log_in(&app, "https://app.test").await;
        assert_eq!(answer.rejection(), (403, "foreign_origin".to_owned()));
        assert!(answer.json()["detail"].as_str().unwrap().contains("server.public_url"));
        assert!(cookies(&answer).is_empty());
        for origin in [own, "http://localhost:5500"] {
            log_in(&app, origin).await.expect(204);
        }
        app.stop().await;
    }

    async fn the_names_are_those_of_the_document(backend: Backend) {
        for own in ["http://svc.test", "http://localhost:8000"] {
            let app = App::start_with(backend, &[&format!("server.public_url={own}")], |builder| builder).await;
            let document = app.client.get("/openapi.json", None).await.json();
            let answer = log_in(&app, own).await;
            let schemes = &document["components"]["securitySchemes"];
            for (scheme, cookie) in [("cookie", 0), ("refresh_cookie", 1)] {
                let name = schemes[scheme]["name"].as_str().unwrap();
                assert!(cookies(&answer)[cookie].starts_with(&format!("{name}=")), "{own} {name}");
            }
            app.stop().await;
        }
    }

    async fn the_longest_names_in_tokens_still_fit(backend: Backend) {
        // With one more byte in the issuer, the service does not start.
        let issuer = format!("security.token.issuer={}", "i".repeat(1_176));
        let audience = format!("security.token.audience={}", "\u{20000}".repeat(255));
        let url = "server.public_url=https://auth.example.com";
        let settings = ["security.token.algorithm=RS256", "security.cookies.same_site=strict", url, &issuer, &audience];
        let app = App::start_with(backend, &settings, |builder| builder).await;
        let answer = log_in(&app, "https://auth.example.com").await;
        let longest = cookies(&answer)[0].len();
        assert!(answer.status == 204 && (3_900..=4_096).contains(&longest), "{longest}");
        app.stop().await;
    }
}
