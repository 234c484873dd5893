//! The ends of sessions in cookies: by a log-out, by another log-in, and with the account.

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, COOKIE, ORIGIN};
use serde_json::json;

use super::{ACCESS, OWN, Page, REFRESH, cookies, expect_removal};
use crate::support::app::PASSWORD;
use crate::support::raw::Raw;
use crate::support::{App, Backend, both_backends};

const LOG_OUT: &str = "/api/v1/auth/logout";
const LOG_OUT_ALL: &str = "/api/v1/auth/logout-all";

both_backends! {
    async fn a_log_out_is_answered_whatever_other_cookies_there_are(backend: Backend) {
        let app = App::start(backend).await;
        for (path, twice) in [(LOG_OUT, ACCESS), (LOG_OUT_ALL, REFRESH)] {
            let (user, page) = Page::logged_in(&app).await;
            let login = page.login();
            let cookies = format!("{ACCESS}={}; {REFRESH}={}; {twice}=x", login.access, login.refresh);
            let request = app.client.request(Method::POST, path).header(ORIGIN, OWN).header(COOKIE, cookies);
            expect_removal(&app.client.answer(request).await);
            assert_eq!(app.live_sessions(&user).await, 0, "{path}");
        }
        app.stop().await;
    }

    async fn a_log_out_that_does_not_know_its_session_ends_none(backend: Backend) {
        let app = App::start(backend).await;
        let (user, page) = Page::logged_in(&app).await;
        let twice = format!("{REFRESH}={0}; {REFRESH}=x", page.login().refresh);
        let request = app.client.request(Method::POST, LOG_OUT).header(ORIGIN, OWN).header(COOKIE, twice);
        let answer = app.client.answer(request).await;
        assert_eq!(answer.rejection(), (400, "malformed_request".to_owned()));
        assert!(cookies(&answer).is_empty());
        assert_eq!(app.live_sessions(&user).await, 1);
        app.stop().await;
    }

    async fn a_page_without_a_refresh_token_is_logged_out_too(backend: Backend) {
        let app = App::start(backend).await;
        let (_, mut page) = Page::logged_in(&app).await;
        page.jar.remove(REFRESH);
        expect_removal(&page.post(LOG_OUT).await);
        assert!(page.jar.is_empty());
        expect_removal(&page.post(LOG_OUT).await);
        let request = page.request(Method::POST, LOG_OUT).header(ORIGIN, OWN);
        expect_removal(&app.client.answer(request.header(CONTENT_TYPE, "application/json")).await);
        // A page of another site cannot do it, and a client without an origin has no cookies.
        for origin in [None, Some("https://evil.test")] {
            let request = page.request(Method::POST, LOG_OUT);
            let request = origin.iter().fold(request, |request, origin| request.header(ORIGIN, *origin));
            let answer = app.client.answer(request).await;
            assert_eq!(answer.rejection(), (401, "invalid_token".to_owned()), "{origin:?}");
            assert!(cookies(&answer).is_empty());
        }
        app.stop().await;
    }

    async fn an_empty_body_is_none_however_it_is_sent(backend: Backend) {
        let app = App::start(backend).await;
        let (_, mut page) = Page::logged_in(&app).await;
        for path in ["/api/v1/auth/refresh", LOG_OUT] {
            let raw = || {
                let cookie = format!("{REFRESH}={}", page.login().refresh);
                Raw::new("POST", path).header("origin", OWN.as_bytes()).header("cookie", cookie.as_bytes())
            };
            let json = || raw().header("content-type", b"application/json");
            // Within the grace, the same token may be sent again; a log-out may be repeated.
            for request in [raw(), json(), json().body(b""), raw().chunked(b"0\r\n\r\n"), json().chunked(b"0\r\n\r\n")] {
                assert_eq!(request.send(&app.client).await.unwrap().status, 204, "{path}");
            }
            for request in [json().body(b"{}"), raw().body(b"x"), raw().chunked(b"1\r\nx\r\n0\r\n\r\n")] {
                let answer = request.send(&app.client).await.unwrap();
                assert_eq!(answer.rejection(), (400, "malformed_request".to_owned()), "{path}");
            }
        }
        page.jar.clear();
        let raw = Raw::new("POST", LOG_OUT).header("origin", OWN.as_bytes());
        expect_removal(&raw.chunked(b"0\r\n\r\n").send(&app.client).await.unwrap());
        app.stop().await;
    }

    async fn a_log_in_ends_the_session_that_it_replaces(backend: Backend) {
        let app = App::start(backend).await;
        let (user, mut page) = Page::logged_in(&app).await;
        let replaced = page.login();
        page.log_in(&user).await.expect(204);
        app.expect_ended(&replaced).await;
        page.me().await.expect(200);
        assert_eq!(app.live_sessions(&user).await, 1);

        // Another user on the same device.
        let replaced = page.login();
        let other = app.register(&App::address()).await;
        page.log_in(&other).await.expect(204);
        app.expect_ended(&replaced).await;
        assert_eq!((app.live_sessions(&user).await, app.live_sessions(&other).await), (0, 1));

        // A refused log-in ends nothing, and neither does one that leaves the cookies.
        let body = json!({ "email": other["email"], "password": "wrong horse battery", "transport": "cookie" });
        page.send(Method::POST, "/api/v1/auth/login", Some(&body)).await.expect(401);
        let body = json!({ "email": other["email"], "password": PASSWORD });
        page.send(Method::POST, "/api/v1/auth/login", Some(&body)).await.expect(200);
        page.me().await.expect(200);
        assert_eq!(app.live_sessions(&other).await, 2);

        // A cookie that opens nothing is replaced.
        page.jar.insert(REFRESH.to_owned(), "svcr_x".to_owned());
        page.log_in(&other).await.expect(204);
        page.refresh().await.expect(204);
        app.stop().await;
    }

    async fn a_deleted_account_leaves_no_cookies(backend: Backend) {
        let app = App::start(backend).await;
        let body = json!({ "password": PASSWORD });
        for (method, path) in [(Method::DELETE, "/api/v1/users/me"), (Method::POST, "/api/v1/users/me/delete")] {
            let (_, mut page) = Page::logged_in(&app).await;
            expect_removal(&page.send(method, path, Some(&body)).await);
            assert!(page.jar.is_empty());
        }
        app.stop().await;
    }
}
