use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use svc::ports::Door;

use super::{At, LIMITED};
use crate::support::app::{Login, PASSWORD};
use crate::support::document::DOCUMENT;
use crate::support::metrics::metrics_page;
use crate::support::{App, Backend, both_backends};

/// Every operation that opens a session, checks a secret or checks a right, with a request that reaches it.
/// `TOKEN` stands for an access token, `REFRESH` for a refresh token of its own.
fn doors() -> Vec<(Door, Method, &'static str, bool, Value)> {
    let mailed = format!("svcm_{}", "A".repeat(43));
    let me = "/api/v1/users/me";
    let credentials = json!({ "email": "ada@example.com", "password": PASSWORD });
    let address = json!({ "email": "ada@example.com" });
    vec![
        (Door::LogIn, Method::POST, "/api/v1/auth/login", false, credentials),
        (
            Door::Register,
            Method::POST,
            "/api/v1/auth/register",
            false,
            json!({ "email": "eva@example.com", "password": PASSWORD }),
        ),
        (Door::Refresh, Method::POST, "/api/v1/auth/refresh", false, json!({ "refresh_token": "svcr_AAAA" })),
        (Door::LogOut, Method::POST, "/api/v1/auth/logout", false, json!({ "refresh_token": "svcr_AAAA" })),
        (Door::ForgotPassword, Method::POST, "/api/v1/auth/password/forgot", false, address.clone()),
        (Door::ResendVerification, Method::POST, "/api/v1/auth/email/verify/resend", false, address),
        (
            Door::ResetPassword,
            Method::POST,
            "/api/v1/auth/password/reset",
            false,
            json!({ "token": mailed, "new_password": "another horse battery" }),
        ),
        (Door::VerifyEmail, Method::POST, "/api/v1/auth/email/verify", false, json!({ "token": mailed })),
        (
            Door::AcceptInvitation,
            Method::POST,
            "/api/v1/auth/invitation/accept",
            false,
            json!({ "token": mailed, "password": "another horse battery" }),
        ),
        (Door::DisownAccount, Method::POST, "/api/v1/auth/email/disown", false, json!({ "token": mailed })),
        (
            Door::ChangePassword,
            Method::POST,
            "/api/v1/users/me/password",
            true,
            json!({ "current_password": PASSWORD, "new_password": "another horse battery" }),
        ),
        (
            Door::ChangeEmail,
            Method::POST,
            "/api/v1/users/me/email",
            true,
            json!({ "new_email": "new@example.com", "password": PASSWORD }),
        ),
        (Door::DeleteMe, Method::DELETE, me, true, json!({ "password": PASSWORD })),
        (Door::Change, Method::PATCH, me, true, json!({ "name": "Ada" })),
        (Door::Authenticate, Method::GET, me, false, Value::Null),
    ]
}

/// Returns the settings under which this limit allows one request, and no more.
fn settings(door: Door) -> Vec<String> {
    let budget = match door {
        Door::LogIn | Door::ChangePassword | Door::ChangeEmail | Door::DeleteMe => "log_in",
        Door::Register => "register",
        Door::ForgotPassword
        | Door::ResendVerification
        | Door::ResetPassword
        | Door::VerifyEmail
        | Door::DisownAccount
        | Door::AcceptInvitation => "mail_links",
        Door::Refresh | Door::LogOut | Door::Authenticate => "invalid_tokens",
        Door::Change => "changes",
        Door::Request => unreachable!("no budget counts requests that a ban refuses"),
    };
    vec![format!("limits.budgets.{budget}=1/1h")]
}

/// Returns whether the limit counts a password check of a logged-in user: then the log-in takes the one that
/// is allowed.
fn is_open_once(door: Door) -> bool {
    !matches!(door, Door::ChangePassword | Door::ChangeEmail | Door::DeleteMe)
}

#[test]
fn every_limited_operation_is_in_the_list() {
    let mut listed: BTreeSet<&str> = doors().iter().map(|(door, ..)| door.as_str()).collect();
    // Banned addresses are refused there, before every other limit: no budget counts at it.
    listed.insert(Door::Request.as_str());
    assert_eq!(listed, Door::WORDS.iter().copied().collect());
}

/// An operation that changes anything has a limit, or needs an access token, whose check has one.
#[test]
fn every_operation_that_is_not_a_read_has_a_limit() {
    let doors = doors();
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, methods)| {
        methods.as_object().unwrap().iter().map(move |(method, operation)| (path, method, operation))
    });
    for (path, method, operation) in operations.filter(|(_, method, _)| *method != "get") {
        let needs_token = operation["security"].as_array().is_some_and(|schemes| {
            let is_access_token =
                |scheme: &Value| ["bearer", "cookie"].iter().any(|name| scheme.get(name).is_some());
            !schemes.is_empty() && schemes.iter().all(is_access_token)
        });
        let is_listed = doors
            .iter()
            .any(|(_, listed, at, ..)| at == path && listed.as_str().eq_ignore_ascii_case(method));
        assert!(needs_token || is_listed, "{method} {path}");
    }
}

both_backends! {
    async fn every_limit_refuses_and_the_rejection_is_counted(backend: Backend) {
        for (door, method, path, needs_token, body) in doors() {
            let own = settings(door);
            let all: Vec<&str> = LIMITED.iter().copied().chain(own.iter().map(String::as_str)).collect();
            let app = App::start_with(backend, &all, |builder| builder).await.cached().await;
            app.register("ada@example.com").await;
            // The limit is tried by a client that has drawn nothing yet. A client that needs a token logs in
            // there.
            let client = At(&app, "203.0.113.9");
            let token = match (needs_token, door) {
                (true, _) => Some(Login::of(&client.log_in("ada@example.com", PASSWORD).await.expect(200)).access),
                (false, Door::Authenticate) => Some("eyJhbGciOiJub25lIn0.e30.".to_owned()),
                (false, _) => None,
            };
            let body = (!body.is_null()).then_some(&body);
            if is_open_once(door) {
                let first = client.send(method.clone(), path, token.as_deref(), body).await;
                assert_ne!(first.status, 429, "{door}");
            }
            let second = client.send(method, path, token.as_deref(), body).await;
            assert_eq!(second.rejection(), (429, "rate_limited".to_owned()), "{door}");
            let counted = metrics_page(&app).await;
            let line = format!(r#"svc_security_decisions_total{{operation="{door}",outcome="rate_limited"}} 1"#);
            assert!(counted.contains(&line), "{line}: {counted}");
            app.stop().await;
        }
    }
}
