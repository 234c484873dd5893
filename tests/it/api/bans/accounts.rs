use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use svc::domain::{BanTargetRef, MailPurpose, UserRef};
use svc::ports::events::EventFilter;
use svc::usecases::{IssueTokenError, TokenRequest};

use super::{ban, send, start, unban};
use crate::support::app::{Login, PASSWORD};
use crate::support::client::Answer;
use crate::support::process::until;
use crate::support::{App, Backend, both_backends, given};

const ADDRESS: &str = "203.0.113.9";

fn account(user: &Value) -> BanTargetRef {
    BanTargetRef::User(UserRef::Email(given::email(user["email"].as_str().unwrap())))
}

async fn log_in(app: &App, user: &Value, password: &str) -> Answer {
    let body = json!({ "email": user["email"], "password": password });
    send(app, Method::POST, ADDRESS, "/api/v1/auth/login", None, Some(&body)).await
}

async fn refresh(app: &App, token: &str) -> Answer {
    let body = json!({ "refresh_token": token });
    send(app, Method::POST, ADDRESS, "/api/v1/auth/refresh", None, Some(&body)).await
}

async fn me(app: &App, login: &Login) -> Answer {
    super::ask(app, ADDRESS, "/api/v1/users/me", Some(&login.access)).await
}

/// Bans a user and waits until the ban takes effect.
async fn banned(app: &App, user: &Value, login: &Login, seconds: i64) {
    ban(app, &account(user), seconds).await;
    until(async || me(app, login).await.status == 403).await;
}

#[track_caller]
fn refused(answer: &Answer) {
    assert_eq!(answer.rejection(), (403, "banned".to_owned()));
    assert_eq!(answer.json()["detail"], "This account is banned.");
}

both_backends! {
    async fn a_banned_account_is_refused_only_after_authentication(backend: Backend) {
        let app = start(backend).await;
        let (user, login) = app.new_user().await;
        let (other, others) = app.new_user().await;
        banned(&app, &user, &login, 0).await;
        refused(&me(&app, &login).await);
        let change = json!({ "name": "Ada" });
        refused(&send(&app, Method::PATCH, ADDRESS, "/api/v1/users/me", Some(&login.access), Some(&change)).await);
        refused(&log_in(&app, &user, PASSWORD).await);
        refused(&refresh(&app, &login.refresh).await);
        // A stranger learns nothing, and neither does the sender of a forged token.
        let wrong = log_in(&app, &user, "wrong horse battery").await;
        assert_eq!(wrong.rejection(), (401, "invalid_credentials".to_owned()));
        assert_eq!(refresh(&app, "svcr_AAAA").await.rejection(), (401, "invalid_token".to_owned()));
        // Other users are served, from the same address.
        me(&app, &others).await.expect(200);
        log_in(&app, &other, PASSWORD).await.expect(200);
        refresh(&app, &others.refresh).await.expect(200);
        // An administrator sees the account like any other.
        let admin = app.new_admin().await;
        let id = user["id"].as_str().unwrap();
        let shown = app.client.get(&format!("/api/v1/users/{id}"), Some(&admin.access)).await.expect(200);
        assert_eq!(shown, user);
        app.stop().await;
    }

    async fn sessions_outlive_a_ban(backend: Backend) {
        let app = start(backend).await;
        let (user, login) = app.new_user().await;
        banned(&app, &user, &login, 60).await;
        let answer = refresh(&app, &login.refresh).await;
        refused(&answer);
        assert_eq!(answer.header("retry-after"), "60");
        assert_eq!(me(&app, &login).await.header("retry-after"), "60");
        app.clock.advance(Duration::from_mins(1));
        me(&app, &login).await.expect(200);
        // The token that was refused was not consumed.
        let next = Login::of(&refresh(&app, &login.refresh).await.expect(200));
        me(&app, &next).await.expect(200);
        app.stop().await;
    }

    async fn a_stolen_refresh_token_is_revealed_during_a_ban_too(backend: Backend) {
        let app = start(backend).await;
        let (user, login) = app.new_user().await;
        let second = Login::of(&refresh(&app, &login.refresh).await.expect(200));
        refresh(&app, &second.refresh).await.expect(200);
        banned(&app, &user, &login, 0).await;
        assert_eq!(refresh(&app, &login.refresh).await.rejection(), (401, "token_reused".to_owned()));
        app.stop().await;
    }

    async fn mailed_tokens_of_a_banned_account_are_refused_and_not_consumed(backend: Backend) {
        let app = start(backend).await;
        let (user, login) = app.new_user().await;
        let (verify, reset) = (app.mailed(&user, MailPurpose::VerifyEmail).await, app.forgotten(&user).await);
        let (other, others) = app.new_user().await;
        banned(&app, &user, &login, 60).await;
        refused(&app.verify(&verify).await);
        refused(&app.reset(&reset, "another horse battery").await);
        assert_eq!(app.verify_with(&verify, "wrong horse battery").await.wrong_values(), ["/password wrong_password"]);
        app.reset(&format!("svcm_{}", "A".repeat(43)), "another horse battery").await.expect_dead_token();
        app.clock.advance(Duration::from_mins(1));
        app.verify(&verify).await.expect(204);
        app.reset(&reset, "another horse battery").await.expect(204);
        // The owner of an address can disown an account that is banned.
        let token = app.mailed(&other, MailPurpose::VerifyEmail).await;
        banned(&app, &other, &others, 0).await;
        app.disown(&token).await.expect(204);
        app.stop().await;
    }

    async fn a_banned_account_can_log_out(backend: Backend) {
        let app = start(backend).await;
        let (user, login) = app.new_user().await;
        banned(&app, &user, &login, 0).await;
        let body = json!({ "refresh_token": login.refresh });
        send(&app, Method::POST, ADDRESS, "/api/v1/auth/logout", None, Some(&body)).await.expect(204);
        unban(&app, &account(&user)).await;
        until(async || me(&app, &login).await.rejection() == (401, "session_revoked".to_owned())).await;
        app.stop().await;
    }

    async fn no_token_is_issued_for_a_banned_account(backend: Backend) {
        let app = start(backend).await;
        let user = app.register(&App::address()).await;
        ban(&app, &account(&user), 60).await;
        let BanTargetRef::User(whose) = account(&user) else { unreachable!() };
        let request = TokenRequest { user: whose, ttl: None, refresh: false, audience: None, actor: given::operator() };
        let command = app.command();
        let issued = command.use_cases.auth.issue_token.run(&request).await;
        assert!(matches!(issued, Err(IssueTokenError::AccountBanned)), "{issued:?}");
        app.clock.advance(Duration::from_mins(1));
        command.use_cases.auth.issue_token.run(&request).await.unwrap();
        app.stop().await;
    }

    async fn the_events_of_a_banned_account_are_those_of_its_user(backend: Backend) {
        let app = start(backend).await;
        let (user, login) = app.new_user().await;
        banned(&app, &user, &login, 60).await;
        ban(&app, &account(&user), 0).await;
        unban(&app, &account(&user)).await;
        let id = svc::domain::UserId(user["id"].as_str().unwrap().parse().unwrap());
        let filter = EventFilter { user: Some(id), limit: 3, ..EventFilter::default() };
        let events = app.container.event_log().events(&filter).await.unwrap();
        let facts: Vec<(String, Value)> = events
            .iter()
            .rev()
            .map(|logged| {
                let data: Value = serde_json::from_str(&logged.event.data).unwrap();
                assert_eq!((&data["user_id"], &data["network"]), (&user["id"], &Value::Null));
                assert_eq!(logged.event.actor, "operator");
                (logged.event.type_name.clone(), json!([data["version"], data["ends_at"]]))
            })
            .collect();
        let end = given::second(60).to_string();
        let fact = |name: &str, version: i64, end: Option<&str>| (format!("svc.ban.{name}.v1"), json!([version, end]));
        assert_eq!(facts, [fact("added", 1, Some(&end)), fact("added", 2, None), fact("removed", 3, None)]);
        app.stop().await;
    }
}
