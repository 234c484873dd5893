//! A change has one time: its rows and its events have the same, however long the change takes.

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use svc::domain::{
    Actor, BanReason, BanRef, BanTargetRef, MailPurpose, OneLine as _, UserId, UserRef, UserStatus,
};
use svc::usecases::{NewBan, NewBanEnd, Precondition, TokenRequest, UserChanges};

use crate::support::app::PASSWORD;
use crate::support::{App, Backend, both_backends};

const NEW: &str = "another horse battery";
const USER: &str = "SELECT CAST(updated_at AS text) FROM users";
const NEWEST_SESSION: &str = "SELECT CAST(created_at AS text) FROM sessions ORDER BY created_at DESC LIMIT 1";
const LAST_REVOKED: &str = "SELECT CAST(revoked_at AS text) FROM sessions WHERE revoked_at IS NOT NULL ORDER BY revoked_at DESC LIMIT 1";

/// The events that a test has seen.
struct Seen<'a> {
    app: &'a App,
    number: usize,
}

impl Seen<'_> {
    /// Asserts that the events since the last call, `count` of them, and the rows that these queries find
    /// have one time.
    async fn one_time(&mut self, change: &str, count: usize, rows: &[&str]) {
        let mut texts =
            self.app.database.texts("SELECT CAST(occurred_at AS text) FROM outbox ORDER BY seq").await;
        let events = texts.split_off(self.number);
        assert_eq!(events.len(), count, "{change}: {events:?}");
        self.number += count;
        let mut times: BTreeSet<_> = events.into_iter().collect();
        for query in rows {
            let found = self.app.database.texts(query).await;
            assert!(!found.is_empty(), "{change}: {query}");
            times.extend(found);
        }
        assert_eq!(times.len(), 1, "{change}: {times:?}");
    }
}

async fn start(backend: Backend) -> App {
    let app = App::start_with(backend, &["security.sessions_per_user=2"], |builder| builder).await;
    app.clock.advance_on_each_read(Duration::from_millis(1));
    app
}

both_backends! {
    async fn the_events_of_an_account_have_the_time_of_its_rows(backend: Backend) {
        let app = start(backend).await;
        let mut seen = Seen { app: &app, number: 0 };
        let user = app.register("ada@example.com").await;
        let created = [
            USER,
            "SELECT CAST(created_at AS text) FROM users",
            "SELECT CAST(created_at AS text) FROM mail_tokens",
        ];
        seen.one_time("register", 1, &created).await;

        let login = app.log_in("ada@example.com").await;
        seen.one_time("log in", 1, &[NEWEST_SESSION]).await;
        app.log_in("ada@example.com").await;
        seen.one_time("log in again", 1, &[NEWEST_SESSION]).await;

        let send = async |method, path: &str, body| {
            let answer = app.client.send(method, path, Some(&login.access), Some(&body)).await;
            assert!(answer.status < 300, "{path}: {answer:?}");
        };
        send(Method::PATCH, "/api/v1/users/me", json!({ "name": "Ada" })).await;
        seen.one_time("rename", 1, &[USER]).await;
        let body = json!({ "current_password": PASSWORD, "new_password": NEW });
        send(Method::POST, "/api/v1/users/me/password", body).await;
        seen.one_time("change the password", 2, &[USER, LAST_REVOKED]).await;

        app.forgot("ada@example.com").await.expect(202);
        let token = "SELECT CAST(created_at AS text) FROM mail_tokens WHERE purpose = 'reset_password'";
        seen.one_time("forget the password", 1, &[token]).await;
        let token = app.mailed(&user, MailPurpose::ResetPassword).await;
        app.reset(&token, PASSWORD).await.expect(204);
        seen.one_time("reset the password", 3, &[USER, LAST_REVOKED]).await;

        let login = app.log_in("ada@example.com").await;
        seen.one_time("log in with the new password", 1, &[NEWEST_SESSION]).await;
        app.change_email(&login, "countess@example.com").await.expect(202);
        let token = "SELECT CAST(created_at AS text) FROM mail_tokens WHERE purpose = 'change_email'";
        seen.one_time("request another email address", 1, &[token]).await;
        let token = app.mailed(&user, MailPurpose::ChangeEmail).await;
        app.verify_as(&token, &login).await.expect(204);
        seen.one_time("change the email address", 1, &[USER]).await;

        let body = json!({ "password": PASSWORD });
        app.client.send(Method::DELETE, "/api/v1/users/me", Some(&login.access), Some(&body)).await.expect(204);
        seen.one_time("delete", 2, &[]).await;
        app.stop().await;
    }

    async fn the_events_of_sessions_have_the_time_of_their_rows(backend: Backend) {
        let app = start(backend).await;
        let mut seen = Seen { app: &app, number: 0 };
        let user = app.register("ada@example.com").await;
        let id = UserId(user["id"].as_str().unwrap().parse().unwrap());
        app.log_in("ada@example.com").await;
        let second = app.log_in("ada@example.com").await;
        seen.number = 3;
        let third = app.log_in("ada@example.com").await;
        seen.one_time("log in above the limit", 2, &[NEWEST_SESSION, LAST_REVOKED]).await;

        app.client.post("/api/v1/auth/logout", &json!({ "refresh_token": third.refresh })).await.expect(204);
        seen.one_time("log out", 1, &[LAST_REVOKED]).await;

        let refresh = async |token: &str| {
            app.client.post("/api/v1/auth/refresh", &json!({ "refresh_token": token })).await
        };
        let next = refresh(&second.refresh).await.expect(200);
        refresh(next["refresh_token"].as_str().unwrap()).await.expect(200);
        app.clock.advance(Duration::from_hours(1));
        assert_eq!(refresh(&second.refresh).await.status, 401);
        seen.one_time("reuse a refresh token", 2, &[LAST_REVOKED]).await;

        let request = TokenRequest { user: UserRef::Id(id), ttl: None, refresh: true, audience: None, actor: Actor::Service };
        app.container.use_cases.auth.issue_token.run(&request).await.unwrap();
        seen.one_time("issue a token", 1, &[NEWEST_SESSION]).await;

        let update = async |status| {
            let changes = UserChanges { status: Some(status), ..UserChanges::default() };
            let update = &app.container.use_cases.users.update;
            update.run(id, &changes, &Precondition::Any, Actor::Service).await.unwrap();
        };
        update(UserStatus::Locked).await;
        seen.one_time("lock", 2, &[USER, LAST_REVOKED]).await;
        update(UserStatus::Active).await;
        seen.one_time("unlock", 1, &[USER]).await;
        app.stop().await;
    }

    async fn the_events_of_a_ban_have_the_time_of_its_row(backend: Backend) {
        let app = start(backend).await;
        let mut seen = Seen { app: &app, number: 0 };
        let target = BanTargetRef::Network("203.0.113.9".parse().unwrap());
        let new = NewBan {
            target: target.clone(),
            reason: Some(BanReason::parse("scans").unwrap()),
            end: NewBanEnd::After(Duration::from_hours(1)),
            allow_wide: false,
        };
        app.container.use_cases.bans.add.run(&new, Actor::Service).await.unwrap();
        seen.one_time("ban", 1, &["SELECT CAST(created_at AS text) FROM bans"]).await;
        app.container.use_cases.bans.remove.run(&BanRef::Target(target), Actor::Service).await.unwrap();
        seen.one_time("remove the ban", 1, &[]).await;
        app.stop().await;
    }
}
