use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use svc::domain::{
    DisplayName, EmailChange, EndedSession, EventKind, OneLine, RequestedEmailChange, SessionId,
};

use super::{tell, until_done, user};
use crate::support::app::{App, PASSWORD};
use crate::support::mailbox::Arrived;
use crate::support::{Backend, both_backends, given};
use crate::worker::until;

/// Filters the mails of this kind.
fn of<'a>(mails: &'a [Arrived], kind: &str) -> Vec<&'a Arrived> {
    mails.iter().filter(|mail| mail.message_id.contains(&format!(".{kind}@"))).collect()
}

both_backends! {
    async fn a_user_is_notified_of_a_new_password_and_of_a_reused_token(backend: Backend) {
        let app = App::start(backend).await;
        app.container.start_worker(true);
        let (_, login) = app.new_user().await;
        let refresh = |token: &str| json!({ "refresh_token": token });
        let path = "/api/v1/auth/refresh";
        let next = app.client.post(path, &refresh(&login.refresh)).await.expect(200);
        app.client.post(path, &refresh(next["refresh_token"].as_str().unwrap())).await.expect(200);
        app.clock.advance(Duration::from_mins(2));
        app.client.post(path, &refresh(&login.refresh)).await.expect(401);
        let other = app.log_in(&user(&app, &login.user_id()).await.email.to_string()).await;
        let body = json!({ "current_password": PASSWORD, "new_password": "another horse battery" });
        app.client.send(Method::POST, "/api/v1/users/me/password", Some(&other.access), Some(&body)).await.expect(204);
        until_done(&app).await;
        let mails = app.mailbox.mails();
        assert_eq!((of(&mails, "session_reuse_detected").len(), of(&mails, "password_changed").len()), (1, 1), "{mails:?}");
        assert_eq!(mails.len(), 3);
        app.stop().await;
    }

    /// During an upgrade, a worker of the older release may claim what a newer one has delivered.
    async fn an_event_of_a_newer_release_is_retried_until_a_worker_knows_it(backend: Backend) {
        let app = App::start(backend).await;
        app.register("ada@example.com").await;
        let deliver = |handler: &str| format!(
            "INSERT INTO inbox (event_id, handler, seq, subject, state, available_at) \
             SELECT id, '{handler}', seq, subject, 'pending', occurred_at FROM outbox"
        );
        let newer = "UPDATE outbox SET type = 'svc.user.newer.v1', relayed_at = occurred_at";
        app.database.execute(&format!("{newer}; {}; {}", deliver("mail"), deliver("mail_notices"))).await.unwrap();
        app.container.start_worker(true);
        let entries = async || {
            let sql = "SELECT handler || ' ' || state || ' ' || CAST(attempts AS text) || ' ' || COALESCE(last_error, '') FROM inbox ORDER BY 1";
            app.database.texts(sql).await
        };
        let why = "this release has no reaction to svc.user.newer.v1; a newer one may have it";
        let retried = [format!("mail pending 1 {why}"), format!("mail_notices pending 1 {why}")];
        until(async || entries().await == retried).await;
        assert_eq!(app.mailbox.mails(), []);
        app.database.execute("UPDATE outbox SET type = 'svc.user.registered.v1'").await.unwrap();
        app.clock.advance(Duration::from_mins(1));
        until(async || app.mailbox.to("ada@example.com").len() == 1).await;
        app.stop().await;
    }

    async fn the_old_address_is_notified_of_each_step_of_a_change(backend: Backend) {
        let app = App::start(backend).await;
        app.container.start_worker(true);
        let id = app.register("old@example.com").await["id"].as_str().unwrap().to_owned();
        let user = user(&app, &id).await;
        let (new_email, expires_at) = (given::email("new@example.com"), given::second(3600));
        let requested =
            EventKind::UserEmailChangeRequested(RequestedEmailChange { user: user.clone(), new_email: new_email.clone(), expires_at, language: Some(given::locale("de")), notice: true });
        tell(&app, user.id, requested).await;
        let mut changed = user.clone();
        changed.email = new_email;
        tell(&app, user.id, EventKind::UserEmailChanged(EmailChange { user: changed, from: user.email.clone() })).await;
        until_done(&app).await;
        let mails = app.mailbox.to("old@example.com");
        let (asked, done) = (of(&mails, "email_change_requested"), of(&mails, "email_changed"));
        assert_eq!((asked.len(), done.len(), mails.len()), (1, 1, 3), "{mails:?}");
        assert!(asked[0].text.contains("new@example.com"), "{}", asked[0].text);
        assert!(done[0].text.contains("from old@example.com to\nnew@example.com"), "{}", done[0].text);
        // The mail to the new address has no stored token: the event was made up.
        assert_eq!(app.mailbox.to("new@example.com"), []);
        app.stop().await;
    }

    async fn many_changes_of_the_address_do_not_fill_the_mailbox_of_the_current_one(backend: Backend) {
        let app = App::start(backend).await;
        app.container.start_worker(true);
        let (user, login) = app.new_user().await;
        let notices = async || {
            until_done(&app).await;
            of(&app.mailbox.to(user["email"].as_str().unwrap()), "email_change_requested").len()
        };
        let mut wished = Vec::new();
        for _ in 0..3 {
            let wish = App::address();
            app.change_email(&login, &wish).await.expect(202);
            assert_eq!(notices().await, 1);
            wished.push(wish);
        }
        assert!(wished.iter().all(|wish| app.mailbox.to(wish).len() == 1), "each new one gets its link");
        app.clock.advance(Duration::from_mins(1));
        app.change_email(&login, &App::address()).await.expect(202);
        assert_eq!(notices().await, 2);
        app.stop().await;
    }

    async fn a_name_is_mailed_only_to_a_verified_address(backend: Backend) {
        let app = App::start(backend).await;
        app.container.start_worker(true);
        let mut user = given::user("ada@example.com");
        user.name = Some(DisplayName::parse("Win at evil.example").unwrap());
        let mut work = app.container.store().begin().await.unwrap();
        work.users().insert(&user, &given::hash("x")).await.unwrap();
        work.commit().await.unwrap();
        tell(&app, user.id, EventKind::UserPasswordChanged(user.clone())).await;
        until_done(&app).await;
        user.email_verified = true;
        let mut work = app.container.store().begin().await.unwrap();
        work.users().update(&user).await.unwrap();
        work.commit().await.unwrap();
        tell(&app, user.id, EventKind::SessionReuseDetected(EndedSession(SessionId(given::id())))).await;
        until_done(&app).await;
        let mails = app.mailbox.mails();
        assert!(of(&mails, "password_changed")[0].text.starts_with("Hello,\n"), "{mails:?}");
        assert!(of(&mails, "session_reuse_detected")[0].text.starts_with("Hello Win at evil.example,\n"), "{mails:?}");
        app.stop().await;
    }
}
