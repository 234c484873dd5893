//! The ends of sessions in cookies: by a log-out, by another log-in, and with the account.

use std::time::Duration;

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

    async fn a_log_out_without_a_refresh_token_ends_the_session_of_the_access_token(backend: Backend) {
        let app = App::start(backend).await;
        let (other, _) = app.new_user().await;
        for refresh in [None, Some("svcr_x")] {
            let (user, mut page) = Page::logged_in(&app).await;
            let login = page.login();
            page.jar.remove(REFRESH);
            page.jar.extend(refresh.map(|token| (REFRESH.to_owned(), token.to_owned())));
            // Twice, the cookie does not say which session is meant.
            let twice = format!("{ACCESS}={}; {ACCESS}=x", login.access);
            let request = app.client.request(Method::POST, LOG_OUT).header(ORIGIN, OWN).header(COOKIE, twice);
            assert_eq!(app.client.answer(request).await.rejection(), (400, "malformed_request".to_owned()));
            assert_eq!(app.live_sessions(&user).await, 1, "{refresh:?}");

            let mut repeated = page.clone();
            for page in [&mut page, &mut repeated] {
                expect_removal(&page.post(LOG_OUT).await);
                assert!(page.jar.is_empty());
                app.expect_ended(&login).await;
            }
            let events = app.events_of(&user).await;
            assert_eq!(events[1..], ["svc.session.started.v1", "svc.session.revoked.v1"], "{refresh:?}");
        }
        assert_eq!(app.live_sessions(&other).await, 1);
        app.stop().await;
    }

    async fn a_log_out_with_a_valid_refresh_token_ends_its_session_alone(backend: Backend) {
        let app = App::start(backend).await;
        let (user, mut page) = Page::logged_in(&app).await;
        let mut other = Page::open(&app);
        other.log_in(&user).await.expect(204);
        page.jar.insert(ACCESS.to_owned(), other.login().access);
        expect_removal(&page.post(LOG_OUT).await);
        other.me().await.expect(200);
        assert_eq!(app.live_sessions(&user).await, 1);
        app.stop().await;
    }

    async fn an_access_token_that_opens_nothing_is_removed(backend: Backend) {
        let app = App::start(backend).await;
        let (user, mut page) = Page::logged_in(&app).await;
        page.jar.remove(REFRESH);
        let mut forged = page.clone();
        forged.jar.insert(ACCESS.to_owned(), "x".to_owned());
        expect_removal(&forged.post(LOG_OUT).await);
        assert_eq!(app.live_sessions(&user).await, 1);
        app.clock.advance(Duration::from_hours(1));
        expect_removal(&page.post(LOG_OUT).await);
        app.stop().await;
    }

    async fn a_log_out_with_a_token_in_the_header_alone_is_refused(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        for (path, ends) in [("/api/v1/auth/refresh", false), (LOG_OUT, true)] {
            for origin in [None, Some(OWN)] {
                let request = || {
                    let request = app.client.request(Method::POST, path).bearer_auth(&login.access);
                    origin.iter().fold(request, |request, origin| request.header(ORIGIN, *origin))
                };
                let answer = app.client.answer(request()).await;
                assert_eq!(answer.rejection(), (400, "malformed_request".to_owned()), "{path} {origin:?}");
                assert!(answer.json()["detail"].as_str().unwrap().contains("`refresh_token`"));
                assert!(cookies(&answer).is_empty());
                assert_eq!(app.live_sessions(&user).await, 1);
                // Clients that add the header to every request send the token in the body.
                if !ends {
                    let body = json!({ "refresh_token": login.refresh });
                    app.client.answer(request().json(&body)).await.expect(200);
                }
            }
        }
        let request = app.client.request(Method::POST, LOG_OUT).bearer_auth(&login.access);
        app.client.answer(request.json(&json!({ "refresh_token": login.refresh }))).await.expect(204);
        app.expect_ended(&login).await;
        app.stop().await;
    }

    async fn a_log_out_by_a_body_keeps_the_cookies_of_another_session(backend: Backend) {
        let app = App::start(backend).await;
        let (user, mut page) = Page::logged_in(&app).await;
        let login = app.log_in(user["email"].as_str().unwrap()).await;
        let refresh = page.jar.remove(REFRESH).unwrap();
        let body = json!({ "refresh_token": login.refresh });
        let answer = page.send(Method::POST, LOG_OUT, Some(&body)).await;
        assert_eq!((answer.status, cookies(&answer).len()), (204, 0));
        app.expect_ended(&login).await;
        page.me().await.expect(200);
        page.jar.insert(REFRESH.to_owned(), refresh);
        page.refresh().await.expect(204);
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

    async fn a_log_in_ends_each_session_whose_cookie_it_replaces(backend: Backend) {
        let app = App::start(backend).await;
        let (user, page) = Page::logged_in(&app).await;
        let mut other = Page::open(&app);
        other.log_in(&user).await.expect(204);
        let (one, two) = (page.login(), other.login());
        let body = json!({ "email": user["email"], "password": PASSWORD, "transport": "cookie" });
        let enter = async |cookies: String| {
            let request = app.client.request(Method::POST, "/api/v1/auth/login").header(ORIGIN, OWN);
            app.client.answer(request.header(COOKIE, cookies).json(&body)).await.expect(204)
        };
        // Another application on the host may have set one of the same name, for another path.
        enter(format!("{REFRESH}={}; {REFRESH}=x; {REFRESH}={}", one.refresh, two.refresh)).await;
        app.expect_ended(&one).await;
        app.expect_ended(&two).await;
        assert_eq!(app.live_sessions(&user).await, 1);

        // The cookie of the refresh token is lost, or opens nothing.
        for refresh in [String::new(), format!("; {REFRESH}=svcr_x")] {
            let login = app.log_in(user["email"].as_str().unwrap()).await;
            let before = app.live_sessions(&user).await;
            enter(format!("{ACCESS}={}{refresh}", login.access)).await;
            app.expect_ended(&login).await;
            assert_eq!(app.live_sessions(&user).await, before);
        }
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
