use std::time::Duration;

use serde_json::{Value, json};
use svc::domain::MailPurpose;

use super::{accept, accept_with, invite, listed, token, try_log_in};
use crate::support::app::PASSWORD;
use crate::support::{App, Backend, both_backends};

both_backends! {
    async fn an_invited_user_sets_a_password_once_and_logs_in(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = invite(&app, &admin).await;
        let by = admin.user_id();
        let history = ["registered", "invited"].map(|what| format!("svc.user.{what}.v1 by {by}"));
        assert_eq!(app.history_of(&user).await, history);
        let token = token(&app, &user).await;
        accept(&app, &token).await.expect(204);
        let login = app.log_in(user["email"].as_str().unwrap()).await;
        let me = app.client.get("/api/v1/users/me", Some(&login.access)).await;
        assert_eq!(me.header("etag"), "\"2\"");
        assert_eq!(me.expect(200)["email_verified"], true);
        let mut history = app.history_of(&user).await;
        history.retain(|line| line.ends_with(" by self") && line.contains("user."));
        let own = ["invitation_accepted", "email_verified"].map(|what| format!("svc.user.{what}.v1 by self"));
        assert_eq!(history, own);
        assert_eq!(listed(&app, &admin).await, [Value::Null; 0]);

        accept_with(&app, &token, "another horse battery").await.expect_dead_token();
        assert_eq!(try_log_in(&app, &user, "another horse battery").await.status, 401);
        app.stop().await;
    }

    async fn of_many_at_once_one_sets_the_password(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = invite(&app, &admin).await;
        let token = token(&app, &user).await;
        let passwords: Vec<_> = (0..8).map(|number| format!("{PASSWORD} {number}")).collect();
        let answers = futures_util::future::join_all(
            passwords.iter().map(|password| accept_with(&app, &token, password)),
        ).await;
        let accepted: Vec<_> = answers.iter().map(|answer| answer.status == 204).collect();
        assert_eq!(accepted.iter().filter(|accepted| **accepted).count(), 1);
        for refused in answers.iter().filter(|answer| answer.status != 204) {
            refused.expect_dead_token();
        }
        for (password, accepted) in passwords.iter().zip(accepted) {
            assert_eq!(try_log_in(&app, &user, password).await.status == 200, accepted);
        }
        app.stop().await;
    }

    async fn an_expired_invitation_is_refused(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = invite(&app, &admin).await;
        let token = token(&app, &user).await;
        app.clock.advance(Duration::from_hours(72) - Duration::from_micros(1));
        let email = user["email"].as_str().unwrap();
        assert_eq!(accept_with(&app, &token, email).await.wrong_values(), ["/password password_is_address"]);
        app.clock.advance(Duration::from_micros(1));
        accept(&app, &token).await.expect_dead_token();
        assert_eq!(try_log_in(&app, &user, PASSWORD).await.status, 401);
        app.stop().await;
    }

    async fn an_invitation_is_for_the_mailbox_that_it_went_to(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = invite(&app, &admin).await;
        let old = token(&app, &user).await;
        let email = App::address();
        let change = format!(
            "UPDATE users SET email = '{email}', email_key = '{email}' WHERE email = '{}'",
            user["email"].as_str().unwrap()
        );
        app.database.execute(&change).await.unwrap();
        accept(&app, &old).await.expect_dead_token();
        // Nor does the new mailbox get a link by itself.
        let before = app.history_of(&user).await;
        app.forgot(&email).await.expect(202);
        assert_eq!(app.history_of(&user).await, before);
        super::resend(&app, &admin, &user).await.expect(200);
        accept(&app, &old).await.expect_dead_token();
        accept(&app, &token(&app, &user).await).await.expect(204);
        app.log_in(&email).await;
        app.stop().await;
    }

    /// Its row has no address.
    async fn an_invitation_of_an_older_release_is_accepted(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = invite(&app, &admin).await;
        app.database.execute("UPDATE invitations SET sent_to = NULL, sent_to_key = NULL").await.unwrap();
        accept(&app, &token(&app, &user).await).await.expect(204);
        app.stop().await;
    }

    async fn other_tokens_and_texts_are_refused(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let (invited, registered) = (invite(&app, &admin).await, app.register(&App::address()).await);
        let invitation = token(&app, &invited).await;
        let verification = app.mailed(&registered, MailPurpose::VerifyEmail).await;
        let reset = app.forgotten(&registered).await;
        for other in [&*verification, &reset, "", "svcm_", &invitation[..47], &format!("{invitation}A")] {
            accept(&app, other).await.expect_dead_token();
        }
        // And the other way round: it neither resets a password nor verifies or disowns an address.
        app.reset(&invitation, PASSWORD).await.expect_dead_token();
        app.verify(&invitation).await.expect_dead_token();
        app.disown(&invitation).await.expect_dead_token();
        accept(&app, &invitation).await.expect(204);
        app.stop().await;
    }

    async fn a_weak_password_does_not_use_up_the_token(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = invite(&app, &admin).await;
        let token = token(&app, &user).await;
        let email = user["email"].as_str().unwrap();
        for (password, code) in [("short", "too_short"), ("password", "common_password"), (email, "password_is_address")] {
            assert_eq!(accept_with(&app, &token, password).await.wrong_values(), [format!("/password {code}")]);
        }
        accept(&app, &token).await.expect(204);
        app.stop().await;
    }

    async fn a_locked_user_stays_locked(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = invite(&app, &admin).await;
        let token = token(&app, &user).await;
        let path = format!("/api/v1/users/{}", user["id"].as_str().unwrap());
        let body = json!({ "status": "locked" });
        app.client.send(reqwest::Method::PATCH, &path, Some(&admin.access), Some(&body)).await.expect(200);
        accept(&app, &token).await.expect(204);
        assert_eq!(try_log_in(&app, &user, PASSWORD).await.rejection(), (403, "account_locked".to_owned()));
        app.stop().await;
    }

    async fn until_then_no_password_opens_the_account(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = invite(&app, &admin).await;
        let unknown = json!({ "email": App::address() });
        for password in ["!", "", " ", PASSWORD] {
            let (invited, unknown) =
                (try_log_in(&app, &user, password).await, try_log_in(&app, &unknown, password).await);
            assert_eq!(invited.rejection(), (401, "invalid_credentials".to_owned()));
            let same = |answer: &crate::support::client::Answer| {
                let mut body = answer.json();
                body["request_id"] = Value::Null;
                (answer.status, body)
            };
            assert_eq!(same(&invited), same(&unknown));
        }
        app.stop().await;
    }
}
