//! Pages of other origins (Fetch standard): which ones may send requests and read answers.

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, IF_NONE_MATCH, ORIGIN};
use serde_json::json;
use svc::domain::{BanRef, BanTargetRef};
use svc::usecases::{NewBan, NewBanEnd};

use crate::support::app::PASSWORD;
use crate::support::client::Answer;
use crate::support::document::DOCUMENT;
use crate::support::hashers::Overloaded;
use crate::support::{App, Backend, both_backends, given};

const ALLOWED: &str = "server.allowed_origins=https://app.test, http://localhost:5500";
const APP: &str = "https://app.test";
const PATH: &str = "/api/v1/users/me";

/// Names and values of request headers.
type Headers<'a> = &'a [(&'a str, &'a str)];

/// Headers that only answers to pages of other origins have.
const GRANTS: [&str; 6] = [
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-expose-headers",
    "access-control-max-age",
];

async fn start(backend: Backend, more: &[&str]) -> App {
    App::start_with(backend, &[&[ALLOWED], more].concat(), |builder| builder).await
}

async fn ask(app: &App, method: Method, path: &str, headers: Headers<'_>) -> Answer {
    let request = app.client.request(method, path);
    app.client
        .answer(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)))
        .await
}

/// Sends what a browser sends before a request of a page that is not a simple one.
async fn preflight(app: &App, path: &str, origin: &str) -> Answer {
    let asks = ("access-control-request-method", "PATCH");
    ask(app, Method::OPTIONS, path, &[("origin", origin), asks]).await
}

fn varies(answer: &Answer) -> bool {
    let lines = answer.headers.get_all("vary").iter();
    lines.flat_map(|line| line.to_str().unwrap().split(',')).any(|name| name.trim() == "Origin")
}

#[track_caller]
fn expect_readable(answer: &Answer, shown: &str) {
    assert_eq!(answer.header("access-control-allow-origin"), APP, "{shown}");
    assert_eq!(answer.header("access-control-allow-credentials"), "true", "{shown}");
    let exposed = answer.header("access-control-expose-headers").to_lowercase();
    let exposed: Vec<_> = exposed.split(", ").collect();
    for name in answer.headers.keys().map(reqwest::header::HeaderName::as_str) {
        // The first group is readable by every page (Fetch standard), the second is for browsers.
        let is_safe = ["cache-control", "content-length", "content-type"].contains(&name);
        let is_of_browsers = name.starts_with("access-control-")
            || ["connection", "content-encoding", "content-security-policy", "date", "set-cookie", "vary"]
                .contains(&name)
            || ["cross-origin-resource-policy", "referrer-policy", "x-content-type-options"].contains(&name);
        assert!(is_safe || is_of_browsers || exposed.contains(&name), "{shown}: a page cannot read {name}");
    }
    assert!(varies(answer), "{shown}");
}

#[track_caller]
fn expect_unreadable(answer: &Answer, shown: &str) {
    for name in GRANTS {
        assert!(!answer.headers.contains_key(name), "{shown}: {name}");
    }
}

both_backends! {
    async fn a_page_of_an_allowed_origin_reads_every_answer(backend: Backend) {
        let app = start(backend, &["limits.enabled=true", "limits.budgets.log_in=1/1h"]).await;
        let (_, login) = app.new_user().await;
        let bearer = format!("Bearer {}", login.access);
        let etag = ask(&app, Method::GET, "/.well-known/jwks.json", &[]).await.header("etag").to_owned();
        let large = "x".repeat(12_000);
        let requests: [(u16, Method, &str, Headers<'_>); 8] = [
            (200, Method::GET, PATH, &[("authorization", &bearer)]),
            (200, Method::GET, "/health/live", &[]),
            (304, Method::GET, "/.well-known/jwks.json", &[(IF_NONE_MATCH.as_str(), &etag)]),
            (200, Method::GET, "/openapi.json", &[("accept-encoding", "gzip")]),
            (401, Method::GET, PATH, &[]),
            (404, Method::GET, "/nowhere", &[]),
            (405, Method::PUT, PATH, &[]),
            (431, Method::GET, PATH, &[("x-large", &large)]),
        ];
        for (status, method, path, headers) in requests {
            let headers = [&[("origin", APP)], headers].concat();
            let answer = ask(&app, method, path, &headers).await;
            assert_eq!(answer.status, status, "{path}");
            expect_readable(&answer, &format!("{status} {path}"));
        }
        let credentials = json!({ "email": "ada@example.com", "password": PASSWORD }).to_string();
        for (status, content_type, body) in [
            (413, "application/json", "x".repeat(20_000)),
            (415, "text/plain", credentials.clone()),
            (422, "application/json", "{}".to_owned()),
            (429, "application/json", credentials),
        ] {
            let request = app.client.request(Method::POST, "/api/v1/auth/login").header(ORIGIN, APP);
            let answer = app.client.answer(request.header(CONTENT_TYPE, content_type).body(body)).await;
            assert_eq!(answer.status, status);
            expect_readable(&answer, &status.to_string());
        }
        app.stop().await;
    }

    async fn an_overload_is_readable(backend: Backend) {
        let app = App::start_with(backend, &[ALLOWED], |builder| builder.hasher(std::sync::Arc::new(Overloaded))).await;
        let body = json!({ "email": "ada@example.com", "password": PASSWORD });
        let request = app.client.request(Method::POST, "/api/v1/auth/login").header(ORIGIN, APP).json(&body);
        let answer = app.client.answer(request).await;
        assert_eq!(answer.status, 503);
        expect_readable(&answer, "503");
        app.stop().await;
    }

    async fn a_page_of_another_origin_reads_nothing(backend: Backend) {
        let app = start(backend, &[]).await;
        for origin in [
            "https://evil.test", "https://app.test.evil.test", "https://evil.app.test", "http://app.test",
            "https://app.test:8443", "https://app.test/", "https://APP.test", "https://app.tes", "http://localhost",
            "http://localhost:55001", "http://svc.test", "null", "*", "https://app.test, https://evil.test",
        ] {
            for path in [PATH, "/health/live", "/nowhere", "/docs"] {
                let answer = ask(&app, Method::GET, path, &[("origin", origin)]).await;
                expect_unreadable(&answer, origin);
                assert!(varies(&answer), "{origin}");
            }
            let answer = preflight(&app, PATH, origin).await;
            assert_eq!(answer.rejection(), (405, "method_not_allowed".to_owned()), "{origin}");
            expect_unreadable(&answer, origin);
        }
        let answer = ask(&app, Method::GET, PATH, &[("origin", APP), ("origin", APP)]).await;
        expect_unreadable(&answer, "two origins");
        // A cache may store this answer, and must not give it to the page that may read it.
        let answer = ask(&app, Method::GET, "/.well-known/jwks.json", &[]).await;
        expect_unreadable(&answer, "no origin");
        assert!(varies(&answer));
        app.stop().await;
    }

    async fn a_preflight_names_all_that_the_api_has(backend: Backend) {
        let app = start(backend, &[]).await;
        let answer = preflight(&app, PATH, APP).await;
        let list = |name| answer.header(name).split(", ").map(str::to_owned).collect::<Vec<_>>();
        let (methods, headers) = (list("access-control-allow-methods"), list("access-control-allow-headers"));
        for name in ["authorization", "content-type", "if-match", "if-none-match", "traceparent", "x-request-id"] {
            assert!(headers.contains(&name.to_owned()), "{name}");
        }
        for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                assert!(methods.contains(&method.to_uppercase()), "{method} {path}");
                let parameters = operation["parameters"].as_array().into_iter().flatten();
                for parameter in parameters.filter(|parameter| parameter["in"] == "header") {
                    let name = parameter["name"].as_str().unwrap().to_lowercase();
                    assert!(headers.contains(&name), "{name} of {path}");
                }
            }
            let answer = preflight(&app, &path.replace("{id}", "me"), APP).await;
            assert_eq!((answer.status, answer.bytes.len()), (204, 0), "{path}");
            assert_eq!(answer.header("access-control-allow-origin"), APP);
            assert_eq!(answer.header("access-control-allow-credentials"), "true");
            assert_eq!(answer.header("access-control-max-age"), "7200");
            assert!(varies(&answer));
        }
        // Without a method to ask for, it is no preflight.
        let answer = ask(&app, Method::OPTIONS, PATH, &[("origin", APP)]).await;
        assert_eq!(answer.rejection(), (405, "method_not_allowed".to_owned()));
        expect_readable(&answer, "OPTIONS");
        app.stop().await;
    }

    async fn preflights_draw_on_no_budget(backend: Backend) {
        let app = start(backend, &["limits.enabled=true", "limits.budgets.log_in=1/1h"]).await;
        for _ in 0..50 {
            assert_eq!(preflight(&app, "/api/v1/auth/login", APP).await.status, 204);
        }
        assert_eq!(app.try_log_in("ada@example.com", PASSWORD).await.status, 401);
        assert_eq!(app.try_log_in("ada@example.com", PASSWORD).await.status, 429);
        assert_eq!(preflight(&app, "/api/v1/auth/login", APP).await.status, 204);
        app.stop().await;
    }

    async fn a_page_reads_that_its_client_is_banned(backend: Backend) {
        let app = start(backend, &["server.trusted_proxies=127.0.0.1"]).await.cached().await;
        let from = ("x-forwarded-for", "203.0.113.9");
        let target = BanTargetRef::Network("203.0.113.9".parse().unwrap());
        let new = NewBan { target: target.clone(), reason: None, end: NewBanEnd::Never, allow_wide: false };
        app.command().use_cases.bans.add.run(&new, given::operator()).await.unwrap();
        let read = async || ask(&app, Method::GET, PATH, &[("origin", APP), from]).await;
        crate::support::process::until(async || read().await.status == 403).await;
        expect_readable(&read().await, "banned");
        let asks = ("access-control-request-method", "PATCH");
        let answer = ask(&app, Method::OPTIONS, PATH, &[("origin", APP), from, asks]).await;
        assert_eq!(answer.status, 204);
        let answer = ask(&app, Method::OPTIONS, PATH, &[("origin", "https://evil.test"), from, asks]).await;
        assert_eq!(answer.status, 403);
        app.command().use_cases.bans.remove.run(&BanRef::Target(target), given::operator()).await.unwrap();
        app.stop().await;
    }

    async fn without_allowed_origins_nothing_is_added(backend: Backend) {
        let app = App::start(backend).await;
        for origin in [APP, "http://svc.test", "null"] {
            for path in [PATH, "/health/live", "/.well-known/jwks.json"] {
                let answer = ask(&app, Method::GET, path, &[("origin", origin)]).await;
                expect_unreadable(&answer, origin);
                assert!(!answer.headers.contains_key("vary"));
            }
            let answer = preflight(&app, PATH, origin).await;
            assert_eq!(answer.rejection(), (405, "method_not_allowed".to_owned()));
            expect_unreadable(&answer, origin);
        }
        app.stop().await;
    }
}
