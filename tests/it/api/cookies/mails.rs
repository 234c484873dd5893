//! The pages of mails, where the password of a form is the proof, and a session is optional. The browser
//! sends its cookies there unasked.

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, COOKIE, ORIGIN};
use serde_json::json;
use svc::domain::MailPurpose;

use super::{ACCESS, OWN, Page};
use crate::support::app::PASSWORD;
use crate::support::{App, Backend, both_backends};

const VERIFY: &str = "/api/v1/auth/email/verify";

both_backends! {
    async fn where_a_session_is_optional_a_dead_cookie_is_none(backend: Backend) {
        let app = App::start(backend).await;
        let (user, mut page) = Page::logged_in(&app).await;
        let token = app.mailed(&user, MailPurpose::VerifyEmail).await;
        let mut dead = page.clone();
        dead.jar.insert(ACCESS.to_owned(), "x".to_owned());
        let answer = dead.send(Method::POST, VERIFY, Some(&json!({ "token": token }))).await;
        assert_eq!(answer.wrong_values(), ["/password missing"]);
        page.send(Method::POST, VERIFY, Some(&json!({ "token": token }))).await.expect(204);
        assert_eq!(page.me().await.expect(200)["email_verified"], true);

        let (user, mut page) = Page::logged_in(&app).await;
        let token = app.mailed(&user, MailPurpose::VerifyEmail).await;
        app.log_out(&page.login().refresh).await.expect(204);
        let body = json!({ "token": token, "password": PASSWORD });
        page.send(Method::POST, VERIFY, Some(&body)).await.expect(204);
        app.stop().await;
    }

    async fn a_cookie_that_is_not_needed_refuses_nothing(backend: Backend) {
        let app = App::start(backend).await;
        for (cookie, origin) in [("live", "https://evil.test"), ("dead", "https://evil.test"), ("twice", OWN)] {
            let (user, page) = Page::logged_in(&app).await;
            let live = page.login().access;
            let value = match cookie {
                "live" => format!("{ACCESS}={live}"),
                "dead" => format!("{ACCESS}=x"),
                _ => format!("{ACCESS}={live}; {ACCESS}=x"),
            };
            let token = app.mailed(&user, MailPurpose::VerifyEmail).await;
            let request = || {
                app.client.request(Method::POST, VERIFY).header(ORIGIN, origin).header(COOKIE, value.as_str())
            };
            // The cookie is no proof either.
            let answer = app.client.answer(request().json(&json!({ "token": token }))).await;
            assert_eq!(answer.wrong_values(), ["/password missing"], "{cookie} {origin}");
            // A client that sends a token in the header expects that it counts.
            let body = json!({ "token": token, "password": PASSWORD });
            for header in ["Bearer x", "Bearer"] {
                let answer = app.client.answer(request().header(AUTHORIZATION, header).json(&body)).await;
                assert_eq!(answer.rejection(), (400, "malformed_request".to_owned()), "{cookie} {origin} {header}");
                let alone = app.client.request(Method::POST, VERIFY).header(ORIGIN, origin);
                let answer = app.client.answer(alone.header(AUTHORIZATION, header).json(&body)).await;
                assert_eq!(answer.rejection(), (401, "invalid_token".to_owned()), "{origin} {header}");
            }
            app.client.answer(request().json(&body)).await.expect(204);
        }
        app.stop().await;
    }

    async fn many_dead_cookies_of_an_address_refuse_no_password(backend: Backend) {
        let settings = ["limits.enabled=true", "limits.budgets.invalid_tokens=3/1h"];
        let app = App::start_with(backend, &settings, |builder| builder).await.cached().await;
        let (user, mut page) = Page::logged_in(&app).await;
        let token = app.mailed(&user, MailPurpose::VerifyEmail).await;
        page.jar.insert(ACCESS.to_owned(), "x".to_owned());
        for _ in 0..3 {
            assert_eq!(page.me().await.rejection(), (401, "invalid_token".to_owned()));
        }
        assert_eq!(page.me().await.rejection(), (429, "rate_limited".to_owned()));
        let body = json!({ "token": token, "password": PASSWORD });
        page.send(Method::POST, VERIFY, Some(&body)).await.expect(204);
        app.stop().await;
    }
}
