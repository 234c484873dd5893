use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use svc::domain::MailPurpose;

use crate::support::app::PASSWORD;
use crate::support::{App, Backend, both_backends};

const REQUESTED: &str = "svc.user.email_change_requested.v1";

both_backends! {
    async fn it_takes_effect_when_it_is_confirmed(backend: Backend) {
        let app = App::start(backend).await.cached().await;
        let replica = app.replica().await.cached().await;
        let (user, login) = app.new_user().await;
        let (old, new) = (user["email"].as_str().unwrap(), App::address());
        let verify = app.mailed(&user, MailPurpose::VerifyEmail).await;
        let reset = app.forgotten(&user).await;
        app.change_email(&login, &new).await.expect(202);
        let asked = app.last_event_of(&user).await;
        assert_eq!((&asked["email"], &asked["new_email"], &asked["version"]), (&json!(old), &json!(new), &json!(1)));
        assert_eq!(app.me(&login.access).await.expect(200)["email"], old);
        replica.me(&login.access).await.expect(200);

        app.verify(&app.mailed(&user, MailPurpose::ChangeEmail).await).await.expect(204);
        let me = app.me(&login.access).await.expect(200);
        assert_eq!((&me["email"], &me["email_verified"]), (&json!(new), &json!(true)));
        let data = app.last_event_of(&user).await;
        assert_eq!((&data["email"], &data["from"], &data["version"]), (&json!(new), &json!(old), &json!(2)));
        assert_eq!(app.history_of(&user).await.last().unwrap(), "svc.user.email_changed.v1 by self");

        // Sessions continue, the token mailed to the old address is void, and that address is free.
        app.refreshed(&login).await;
        app.verify(&verify).await.expect_dead_token();
        app.reset(&reset, "another horse battery").await.expect_dead_token();
        assert_eq!(app.try_log_in(old, PASSWORD).await.rejection().1, "invalid_credentials");
        app.log_in(&new).await;
        app.register(old).await;
        replica.stop().await;
        app.stop().await;
    }

    async fn only_the_owner_of_the_mailbox_learns_whether_an_address_is_taken(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let other = app.register(&App::address()).await;
        let answer = app.change_email(&login, other["email"].as_str().unwrap()).await;
        assert_eq!((answer.status, answer.bytes.len()), (202, 0));
        let token = app.mailed(&user, MailPurpose::ChangeEmail).await;
        assert_eq!(app.verify(&token).await.rejection(), (409, "email_taken".to_owned()));
        assert_eq!(app.me(&login.access).await.expect(200)["email"], user["email"]);
        assert!(!app.events_of(&user).await.contains(&"svc.user.email_changed.v1".to_owned()));
        app.stop().await;
    }

    async fn of_two_users_that_request_one_address_only_one_gets_it(backend: Backend) {
        let app = App::start(backend).await;
        let ((first, one), (second, two)) = (app.new_user().await, app.new_user().await);
        let wanted = App::address();
        app.change_email(&one, &wanted).await.expect(202);
        app.change_email(&two, &wanted.to_uppercase()).await.expect(202);
        let tokens = [
            app.mailed(&first, MailPurpose::ChangeEmail).await,
            app.mailed(&second, MailPurpose::ChangeEmail).await,
        ];
        let (a, b) = tokio::join!(app.verify(&tokens[0]), app.verify(&tokens[1]));
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 409]);
        app.stop().await;
    }

    async fn a_wrong_password_changes_nothing(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let body = json!({ "new_email": App::address(), "password": "another horse battery" });
        let path = "/api/v1/users/me/email";
        let answer = app.client.send(Method::POST, path, Some(&login.access), Some(&body)).await;
        assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()));
        assert_eq!(answer.wrong_values(), ["/password wrong_password"]);
        assert_eq!(app.client.send(Method::POST, path, None, Some(&body)).await.rejection().1, "invalid_token");
        assert!(!app.events_of(&user).await.contains(&REQUESTED.to_owned()));
        app.stop().await;
    }

    async fn the_current_address_is_refused_and_another_spelling_of_it_is_not(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let email = user["email"].as_str().unwrap();
        let answer = app.change_email(&login, email).await;
        assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()));
        assert_eq!(answer.wrong_values(), ["/new_email unchanged"]);
        let upper = email.to_uppercase();
        app.change_email(&login, &upper).await.expect(202);
        app.verify(&app.mailed(&user, MailPurpose::ChangeEmail).await).await.expect(204);
        assert_eq!(app.me(&login.access).await.expect(200)["email"], upper.as_str());
        app.stop().await;
    }

    async fn a_newer_request_replaces_it_and_the_same_request_sends_no_second_mail(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let (mistyped, meant) = (App::address(), App::address());
        app.change_email(&login, &mistyped).await.expect(202);
        let older = app.mailed(&user, MailPurpose::ChangeEmail).await;
        for _ in 0..3 {
            app.change_email(&login, &meant).await.expect(202);
        }
        let asked = |events: Vec<String>| events.iter().filter(|event| *event == REQUESTED).count();
        // Nor does changing back and forth fill a stranger's mailbox.
        app.change_email(&login, &mistyped).await.expect(202);
        assert_eq!(asked(app.events_of(&user).await), 2);
        app.verify(&older).await.expect_dead_token();
        app.clock.advance(Duration::from_mins(1));
        app.change_email(&login, &meant).await.expect(202);
        assert_eq!(asked(app.events_of(&user).await), 3);
        app.verify(&app.mailed(&user, MailPurpose::ChangeEmail).await).await.expect(204);
        assert_eq!(app.me(&login.access).await.expect(200)["email"], meant.as_str());
        app.stop().await;
    }

    async fn a_locked_user_cannot_confirm_it(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let (user, login) = app.new_user().await;
        app.change_email(&login, &App::address()).await.expect(202);
        let token = app.mailed(&user, MailPurpose::ChangeEmail).await;
        app.set_status(&admin, &user, "locked").await;
        app.verify(&token).await.expect_dead_token();
        // Nor later: the person who asked for it may have been the reason for the lock.
        app.set_status(&admin, &user, "active").await;
        app.verify(&token).await.expect_dead_token();
        app.stop().await;
    }

    async fn it_is_good_for_an_hour(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        app.change_email(&login, &App::address()).await.expect(202);
        app.clock.advance(Duration::from_hours(1));
        app.verify(&app.mailed(&user, MailPurpose::ChangeEmail).await).await.expect_dead_token();
        app.stop().await;
    }
}
