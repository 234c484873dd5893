use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, COOKIE, ORIGIN};
use serde_json::json;
use svc::domain::MailPurpose;

use super::{ACCESS, OWN, Page, REFRESH, cookies, expect_removal};
use crate::support::app::PASSWORD;
use crate::support::document::DOCUMENT;
use crate::support::{App, Backend, both_backends};

const GRACE: Duration = Duration::from_secs(30);
const NEW: &str = "another horse battery";

both_backends! {
    async fn a_page_logs_in_works_refreshes_and_logs_out(backend: Backend) {
        let app = App::start(backend).await;
        let user = app.register(&App::address()).await;
        let mut page = Page::open(&app);
        let answer = page.log_in(&user).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!((answer.status, answer.bytes.len(), cookies(&answer).len()), (204, 0, 2));

        assert_eq!(page.me().await.expect(200)["id"], user["id"]);
        let name = json!({ "name": "Ada" });
        assert_eq!(page.send(Method::PATCH, "/api/v1/users/me", Some(&name)).await.expect(200)["name"], "Ada");

        let before = page.login();
        let answer = page.refresh().await;
        assert_eq!((answer.status, answer.bytes.len(), cookies(&answer).len()), (204, 0, 2));
        assert_ne!(page.login().refresh, before.refresh);
        assert_eq!(page.login().session_id(), before.session_id());
        let sessions = page.get("/api/v1/auth/sessions").await.expect(200);
        assert_eq!(sessions["items"][0]["current"], true);

        let after = page.login();
        let answer = page.post("/api/v1/auth/logout").await;
        assert_eq!(answer.status, 204);
        expect_removal(&answer);
        assert!(page.jar.is_empty());
        app.expect_ended(&after).await;
        assert_eq!(page.me().await.rejection(), (401, "invalid_token".to_owned()));
        assert_eq!(page.refresh().await.rejection(), (401, "invalid_token".to_owned()));
        expect_removal(&page.post("/api/v1/auth/logout").await);
        app.stop().await;
    }

    async fn the_transport_is_bearer_unless_it_is_named(backend: Backend) {
        let app = App::start(backend).await;
        let user = app.register(&App::address()).await;
        for transport in [json!(null), json!("bearer")] {
            let body = json!({ "email": user["email"], "password": PASSWORD, "transport": transport });
            let answer = app.client.post("/api/v1/auth/login", &body).await;
            assert!(cookies(&answer).is_empty());
            assert!(answer.expect(200)["access_token"].is_string());
        }
        let body = json!({ "email": user["email"], "password": PASSWORD, "transport": "carrier pigeon" });
        let answer = app.client.post("/api/v1/auth/login", &body).await;
        assert_eq!(answer.wrong_values(), ["/transport unknown_word"]);
        app.stop().await;
    }

    async fn parallel_refreshes_get_one_successor(backend: Backend) {
        let app = App::start(backend).await;
        let (user, page) = Page::logged_in(&app).await;
        let mut pages: Vec<_> = (0..30).map(|_| page.clone()).collect();
        let answers = join_all(pages.iter_mut().map(Page::refresh)).await;
        assert!(answers.iter().all(|answer| answer.status == 204));
        let successor = pages[0].login().refresh;
        assert!(pages.iter().all(|page| page.login().refresh == successor));
        // A lost answer can be repeated until the successor is used.
        let mut late = page.clone();
        late.refresh().await.expect(204);
        assert_eq!(late.login().refresh, successor);
        pages[0].refresh().await.expect(204);
        assert_eq!(app.live_sessions(&user).await, 1);
        app.stop().await;
    }

    async fn a_stolen_cookie_is_detected(backend: Backend) {
        let app = App::start(backend).await;
        let (user, mut page) = Page::logged_in(&app).await;
        let mut thief = page.clone();
        page.refresh().await.expect(204);
        app.clock.advance(GRACE);
        let answer = thief.refresh().await;
        assert_eq!(answer.rejection(), (401, "token_reused".to_owned()));
        // That removes no cookie: another tab may have logged in again since the request was sent.
        assert!(cookies(&answer).is_empty());
        assert_eq!(page.refresh().await.rejection(), (401, "session_revoked".to_owned()));
        assert_eq!(page.me().await.rejection(), (401, "session_revoked".to_owned()));
        let events = app.events_of(&user).await;
        assert_eq!(events[2..], ["svc.session.reuse_detected.v1", "svc.session.revoked.v1"]);
        app.stop().await;
    }

    async fn other_ends_of_a_session_are_the_same(backend: Backend) {
        let app = App::start(backend).await;
        let (user, mut page) = Page::logged_in(&app).await;
        let mut other = Page::open(&app);
        other.log_in(&user).await.expect(204);

        let body = json!({ "current_password": PASSWORD, "new_password": NEW });
        page.send(Method::POST, "/api/v1/users/me/password", Some(&body)).await.expect(204);
        page.me().await.expect(200);
        page.refresh().await.expect(204);
        assert_eq!(other.me().await.rejection(), (401, "session_revoked".to_owned()));
        assert_eq!(other.refresh().await.rejection(), (401, "session_revoked".to_owned()));

        app.forgot(user["email"].as_str().unwrap()).await.expect(202);
        let token = app.mailed(&user, MailPurpose::ResetPassword).await;
        let body = json!({ "token": token, "new_password": PASSWORD });
        page.send(Method::POST, "/api/v1/auth/password/reset", Some(&body)).await.expect(204);
        assert_eq!(page.me().await.rejection(), (401, "session_revoked".to_owned()));

        page.log_in(&user).await.expect(204);
        other.log_in(&user).await.expect(204);
        expect_removal(&page.post("/api/v1/auth/logout-all").await);
        assert!(page.jar.is_empty());
        assert_eq!(other.me().await.rejection(), (401, "session_revoked".to_owned()));

        // A log-out removes cookies that open nothing.
        other.jar.insert(REFRESH.to_owned(), "svcr_x".to_owned());
        expect_removal(&other.post("/api/v1/auth/logout").await);
        // A client with a header has no cookies to remove.
        let login = app.log_in(user["email"].as_str().unwrap()).await;
        let answer = app.client.send(Method::POST, "/api/v1/auth/logout-all", Some(&login.access), None).await;
        assert_eq!((answer.status, cookies(&answer).len()), (204, 0));
        app.stop().await;
    }

    async fn each_cookie_holds_its_own_token(backend: Backend) {
        let app = App::start(backend).await;
        let (_, mut page) = Page::logged_in(&app).await;
        let login = page.login();
        page.jar = [(ACCESS.to_owned(), login.refresh), (REFRESH.to_owned(), login.access)].into();
        assert_eq!(page.me().await.rejection(), (401, "invalid_token".to_owned()));
        assert_eq!(page.refresh().await.rejection(), (401, "invalid_token".to_owned()));
        app.stop().await;
    }

    async fn two_credentials_are_refused(backend: Backend) {
        let app = App::start(backend).await;
        let (user, page) = Page::logged_in(&app).await;
        let login = page.login();
        let body_of_log_in = json!({ "email": user["email"], "password": PASSWORD, "transport": "cookie" });
        let bad = (400, "malformed_request".to_owned());
        for method in [Method::GET, Method::PATCH] {
            let request = page.request(method, "/api/v1/users/me").header(ORIGIN, OWN);
            let request = request.bearer_auth(&login.access).json(&json!({ "name": "Ada" }));
            assert_eq!(app.client.answer(request).await.rejection(), bad);
        }
        for path in ["/api/v1/auth/refresh", "/api/v1/auth/logout"] {
            for body in [json!({ "refresh_token": login.refresh }), json!({})] {
                let request = page.request(Method::POST, path).header(ORIGIN, OWN).json(&body);
                assert_eq!(app.client.answer(request).await.rejection(), bad, "{path}");
            }
        }
        // Either cookie counts, also where an operation does not read it.
        for (name, value) in [(ACCESS, &login.access), (REFRESH, &login.refresh)] {
            for (method, path, body) in [
                (Method::GET, "/api/v1/users/me", json!(null)),
                (Method::PATCH, "/api/v1/users/me", json!({ "name": "Ada" })),
                (Method::POST, "/api/v1/auth/refresh", json!({ "refresh_token": login.refresh })),
                (Method::POST, "/api/v1/auth/logout", json!({ "refresh_token": login.refresh })),
                (Method::POST, "/api/v1/auth/logout-all", json!(null)),
                (Method::POST, "/api/v1/auth/login", body_of_log_in.clone()),
                (Method::POST, "/api/v1/auth/email/verify", json!({ "token": "x", "password": PASSWORD })),
            ] {
                let request = app.client.request(method.clone(), path).header(ORIGIN, OWN);
                let request = request.header(COOKIE, format!("{name}={value}")).bearer_auth(&login.access);
                let request = if body.is_null() { request } else { request.json(&body) };
                assert_eq!(app.client.answer(request).await.rejection(), bad, "{name} {method} {path}");
            }
        }
        assert_eq!(app.live_sessions(&user).await, 1);
        let twice = format!("{ACCESS}={0}; {ACCESS}={0}", login.access);
        let request = app.client.request(Method::GET, "/api/v1/users/me").header(COOKIE, twice);
        assert_eq!(app.client.answer(request).await.rejection(), bad);
        for value in [&b"Bearer\tx"[..], b"Bearer", b"Bearer ", b"bearer \xff", b"Bearer \xff", b"BEARER x"] {
            let request = page.request(Method::GET, "/api/v1/users/me").header(AUTHORIZATION, value);
            let shown = String::from_utf8_lossy(value);
            assert_eq!(app.client.answer(request).await.rejection(), bad, "{shown}");
        }
        // A proxy in front of the service may use another scheme of the header.
        let request = page.request(Method::GET, "/api/v1/users/me").basic_auth("proxy", Some("secret"));
        app.client.answer(request).await.expect(200);
        app.stop().await;
    }

    async fn every_operation_takes_the_cookie_that_takes_the_header(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let mut page = Page::open(&app);
        page.jar.insert(ACCESS.to_owned(), admin.access);
        let mut taken = 0;
        for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
            let path = path.replace("{id}", "019b7c2a-5b2c-7d4e-8f60-718293a4b5c6");
            for (method, operation) in item.as_object().unwrap() {
                let schemes = operation["security"].as_array().unwrap();
                let has = |name| schemes.iter().any(|scheme| scheme.get(name).is_some());
                assert_eq!(has("bearer"), has("cookie"), "{method} {path}");
                // It would end the session of the others.
                if has("cookie") && !path.ends_with("/logout-all") {
                    let method: Method = method.to_uppercase().parse().unwrap();
                    let answer = page.send(method.clone(), &path, None).await;
                    assert!([200, 404, 204, 415].contains(&answer.status), "{method} {path}: {}", answer.status);
                    // Without the cookie, the answer to the same request is another one.
                    let is_optional = schemes.iter().any(|scheme| scheme.as_object().unwrap().is_empty());
                    let anonymous = app.client.send(method.clone(), &path, None, None).await;
                    assert_eq!(anonymous.status == 401, !is_optional, "{method} {path}");
                    taken += 1;
                }
            }
        }
        assert!(taken >= 14, "{taken}");
        app.stop().await;
    }
}
