use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use svc::domain::MailPurpose;

use crate::support::app::{Login, PASSWORD};
use crate::support::process::within;
use crate::support::{App, Backend, both_backends};

const NEW: &str = "another horse battery";

both_backends! {
    async fn the_new_password_opens_the_account_and_every_session_has_ended(backend: Backend) {
        let app = App::start(backend).await.cached().await;
        let replica = app.replica().await.cached().await;
        let (user, login) = app.new_user().await;
        let email = user["email"].as_str().unwrap();
        let others = [app.log_in(email).await, replica.log_in(email).await];
        let (_, stranger) = app.new_user().await;
        for login in others.iter().chain([&login]) {
            // So that both replicas have copies.
            app.me(&login.access).await.expect(200);
            replica.me(&login.access).await.expect(200);
        }
        let token = app.forgotten(&user).await;
        app.reset(&token, NEW).await.expect(204);

        for login in others.iter().chain([&login]) {
            app.expect_ended(login).await;
            // Its copies may be outdated for a moment.
            within(async {
                while replica.me(&login.access).await.status == 200 {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            })
            .await;
            replica.expect_ended(login).await;
        }
        assert_eq!(app.live_sessions(&user).await, 0);
        app.me(&stranger.access).await.expect(200);
        assert_eq!(app.try_log_in(email, PASSWORD).await.rejection().1, "invalid_credentials");
        app.try_log_in(email, NEW).await.expect(200);
        app.reset(&token, PASSWORD).await.expect_dead_token();
        let history = app.history_of(&user).await;
        assert_eq!(history[5..8], ["svc.session.revoked.v1 by self"; 3]);
        let expected = ["svc.user.password_changed.v1 by self", "svc.user.email_verified.v1 by self"];
        assert_eq!(history[8..10], expected);
        replica.stop().await;
        app.stop().await;
    }

    /// An attacker registers with an address that is not theirs, and waits for its owner.
    async fn a_reset_removes_all_access_of_an_attacker_who_registered_the_address(backend: Backend) {
        let app = App::start(backend).await;
        let (user, squatter) = app.new_user().await;
        app.change_email(&squatter, &App::address()).await.expect(202);
        let change = app.mailed(&user, MailPurpose::ChangeEmail).await;
        let verify = app.mailed(&user, MailPurpose::VerifyEmail).await;
        app.reset(&app.forgotten(&user).await, NEW).await.expect(204);

        app.verify(&change).await.expect_dead_token();
        app.verify(&verify).await.expect_dead_token();
        app.expect_ended(&squatter).await;
        let email = user["email"].as_str().unwrap();
        assert_eq!(app.try_log_in(email, PASSWORD).await.rejection().1, "invalid_credentials");
        let owner = Login::of(&app.try_log_in(email, NEW).await.expect(200));
        let me = app.me(&owner.access).await.expect(200);
        assert_eq!((&me["email"], &me["email_verified"]), (&user["email"], &json!(true)));
        app.stop().await;
    }

    async fn used_by_many_at_once_it_works_for_one(backend: Backend) {
        let app = App::start(backend).await;
        let user = app.register(&App::address()).await;
        let token = app.forgotten(&user).await;
        let passwords: Vec<String> = (0..8).map(|number| format!("{NEW} {number}")).collect();
        let answers = join_all(passwords.iter().map(|password| app.reset(&token, password))).await;
        let done: Vec<_> = answers.iter().map(|answer| answer.status).filter(|status| *status == 204).collect();
        assert_eq!(done.len(), 1);
        for (password, answer) in passwords.iter().zip(answers) {
            let status = app.try_log_in(user["email"].as_str().unwrap(), password).await.status;
            if answer.status == 204 {
                assert_eq!(status, 200);
            } else {
                answer.expect_dead_token();
                assert_eq!(status, 401);
            }
        }
        app.stop().await;
    }

    async fn it_is_valid_for_half_an_hour(backend: Backend) {
        let app = App::start(backend).await;
        let (early, late) = (app.register(&App::address()).await, app.register(&App::address()).await);
        let (in_time, too_late) = (app.forgotten(&early).await, app.forgotten(&late).await);
        app.clock.advance(Duration::from_mins(30).saturating_sub(Duration::from_micros(1)));
        app.reset(&in_time, NEW).await.expect(204);
        app.clock.advance(Duration::from_micros(1));
        app.reset(&too_late, NEW).await.expect_dead_token();
        app.stop().await;
    }

    async fn a_refused_password_does_not_use_it_up(backend: Backend) {
        let app = App::start(backend).await;
        let user = app.register(&App::address()).await;
        let token = app.forgotten(&user).await;
        let email = user["email"].as_str().unwrap();
        for (weak, code) in [("hunter2", "too_short"), ("Password1", "common_password"), (email, "password_is_address")] {
            let answer = app.reset(&token, weak).await;
            assert_eq!(answer.wrong_values(), [format!("/new_password {code}")]);
        }
        app.reset(&token, NEW).await.expect(204);
        app.stop().await;
    }

    async fn it_is_void_when_the_password_changes(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let token = app.forgotten(&user).await;
        let verify = app.mailed(&user, MailPurpose::VerifyEmail).await;
        app.change_email(&login, &App::address()).await.expect(202);
        let change = app.mailed(&user, MailPurpose::ChangeEmail).await;
        let body = json!({ "current_password": PASSWORD, "new_password": NEW });
        let path = "/api/v1/users/me/password";
        app.client.send(reqwest::Method::POST, path, Some(&login.access), Some(&body)).await.expect(204);
        app.reset(&token, PASSWORD).await.expect_dead_token();
        app.verify(&change).await.expect_dead_token();
        app.verify_with(&verify, NEW).await.expect(204);
        app.stop().await;
    }

    async fn a_locked_user_stays_locked(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = app.register(&App::address()).await;
        app.set_status(&admin, &user, "locked").await;
        app.reset(&app.forgotten(&user).await, NEW).await.expect(204);
        let answer = app.try_log_in(user["email"].as_str().unwrap(), NEW).await;
        assert_eq!(answer.rejection(), (403, "account_locked".to_owned()));
        app.stop().await;
    }

    async fn a_token_for_something_else_sets_no_password(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        app.change_email(&login, &App::address()).await.expect(202);
        for purpose in [MailPurpose::VerifyEmail, MailPurpose::ChangeEmail] {
            let token = app.mailed(&user, purpose).await;
            app.reset(&token, NEW).await.expect_dead_token();
            // This does not use it up.
            app.verify(&token).await.expect(204);
        }
        app.stop().await;
    }
}
