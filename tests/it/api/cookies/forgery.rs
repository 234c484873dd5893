//! Requests that a page of another site causes in the browser of a user (cross-site request forgery). The
//! browser adds the cookies here, though `SameSite` keeps them away from most of these requests.

use reqwest::header::{CONTENT_TYPE, ORIGIN};
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use super::{ACCESS, OWN, Page, cookies};
use crate::support::app::PASSWORD;
use crate::support::document::DOCUMENT;
use crate::support::{App, Backend, both_backends};

const ALLOWED: &str = "server.allowed_origins=https://app.test";

/// The headers of requests from pages that may not use cookies.
const FOREIGN: [&[(&str, &str)]; 14] = [
    &[],
    &[("origin", "https://evil.test")],
    &[("origin", "null")],
    &[("origin", "")],
    &[("origin", "https://svc.test")],
    &[("origin", "http://svc.test:8000")],
    &[("origin", "http://svc.test.evil.test")],
    &[("origin", "http://svc.test"), ("origin", "https://evil.test")],
    &[("sec-fetch-site", "same-origin")],
    &[("origin", "http://svc.test"), ("sec-fetch-site", "cross-site")],
    &[("origin", "https://app.test"), ("sec-fetch-site", "cross-site")],
    &[("origin", "http://svc.test"), ("sec-fetch-site", "none")],
    &[("origin", "http://svc.test"), ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
    &[("origin", "http://svc.test"), ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-origin")],
];

/// The headers of requests from pages that may use cookies.
const OWN_PAGES: [&[(&str, &str)]; 4] = [
    &[("origin", "http://svc.test")],
    &[("origin", "http://svc.test"), ("sec-fetch-site", "same-origin")],
    &[("origin", "https://app.test")],
    &[("origin", "https://app.test"), ("sec-fetch-site", "same-site")],
];

fn with(request: RequestBuilder, headers: &[(&str, &str)]) -> RequestBuilder {
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
}

async fn start(backend: Backend) -> App {
    App::start_with(backend, &[ALLOWED], |builder| builder).await
}

fn foreign() -> (u16, String) {
    (403, "foreign_origin".to_owned())
}

both_backends! {
    async fn every_change_with_a_cookie_needs_a_known_origin(backend: Backend) {
        let app = start(backend).await;
        let admin = app.new_admin().await;
        let mut page = Page::open(&app);
        page.jar.insert(ACCESS.to_owned(), admin.access.clone());
        let mut checked = 0;
        for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
            let path = path.replace("{id}", "019b7c2a-5b2c-7d4e-8f60-718293a4b5c6");
            for (method, operation) in item.as_object().unwrap() {
                let schemes = operation["security"].as_array().unwrap();
                // Where a session is optional, a cookie without a known origin counts as none.
                let is_optional = schemes.iter().any(|scheme| scheme.as_object().unwrap().is_empty());
                let has_cookie = schemes.iter().any(|scheme| scheme.get("cookie").is_some());
                if method == "get" || is_optional || !has_cookie {
                    continue;
                }
                let method: Method = method.to_uppercase().parse().unwrap();
                for headers in FOREIGN {
                    let request = with(page.request(method.clone(), &path), headers);
                    let answer = app.client.answer(request).await;
                    assert_eq!(answer.rejection(), foreign(), "{method} {path} {headers:?}");
                }
                checked += 1;
            }
        }
        assert!(checked >= 10, "{checked}");
        for headers in FOREIGN.iter().chain(&OWN_PAGES) {
            let request = with(page.request(Method::GET, "/api/v1/users/me"), headers);
            app.client.answer(request).await.expect(200);
        }
        for headers in OWN_PAGES {
            let request = with(page.request(Method::PATCH, "/api/v1/users/me"), headers);
            app.client.answer(request.json(&json!({ "name": "Ada" }))).await.expect(200);
        }
        // A page cannot send the header `Authorization` unasked, so its origin does not count.
        let request = app.client.request(Method::PATCH, "/api/v1/users/me").header(ORIGIN, "https://evil.test");
        let request = request.bearer_auth(&admin.access).json(&json!({ "name": "Ada" }));
        app.client.answer(request).await.expect(200);
        app.stop().await;
    }

    async fn a_page_of_another_site_neither_refreshes_nor_logs_out(backend: Backend) {
        let app = start(backend).await;
        let (user, mut page) = Page::logged_in(&app).await;
        let bodies = [
            None,
            Some(("application/x-www-form-urlencoded", "refresh_token=x")),
            Some(("text/plain", "{\"refresh_token\":\"x\"}")),
            Some(("multipart/form-data; boundary=x", "--x--")),
            Some(("application/json", "{}")),
        ];
        for path in ["/api/v1/auth/refresh", "/api/v1/auth/logout", "/api/v1/auth/logout-all"] {
            for headers in FOREIGN {
                for body in bodies {
                    let request = with(page.request(Method::POST, path), headers);
                    let request = body.iter().fold(request, |request, (content_type, body)| {
                        request.header(CONTENT_TYPE, *content_type).body(*body)
                    });
                    let answer = app.client.answer(request).await;
                    assert_eq!(answer.rejection(), foreign(), "{path} {headers:?} {body:?}");
                    assert!(cookies(&answer).is_empty());
                }
            }
        }
        page.me().await.expect(200);
        page.refresh().await.expect(204);
        assert_eq!(app.events_of(&user).await, ["svc.user.registered.v1", "svc.session.started.v1"]);
        app.stop().await;
    }

    async fn a_page_of_another_site_logs_no_user_in(backend: Backend) {
        let app = start(backend).await;
        let user = app.register(&App::address()).await;
        let body = json!({ "email": user["email"], "password": PASSWORD, "transport": "cookie" });
        let request = || app.client.request(Method::POST, "/api/v1/auth/login");
        for headers in FOREIGN {
            let answer = app.client.answer(with(request(), headers).json(&body)).await;
            assert_eq!(answer.rejection(), foreign(), "{headers:?}");
            let detail = answer.json()["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains("the service is http://svc.test.") || detail.contains("same site"), "{detail}");
            assert!(cookies(&answer).is_empty());
        }
        // A form cannot send JSON, and what it can send is not read.
        for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
            for origin in [OWN, "https://evil.test"] {
                let request = request().header(ORIGIN, origin).header(CONTENT_TYPE, content_type);
                let answer = app.client.answer(request.body(body.to_string())).await;
                assert_eq!(answer.rejection(), (415, "unsupported_media_type".to_owned()), "{content_type}");
            }
        }
        assert_eq!(app.live_sessions(&user).await, 0);
        for headers in OWN_PAGES {
            app.client.answer(with(request(), headers).json(&body)).await.expect(204);
        }
        app.stop().await;
    }
}
