use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use svc::domain::MailPurpose;

use crate::support::app::PASSWORD;
use crate::support::{App, Backend, both_backends};

const NEW: &str = "another horse battery";

both_backends! {
    async fn it_ends_every_access_of_the_person_who_registered(backend: Backend) {
        let app = App::start(backend).await.cached().await;
        let (user, first) = app.new_user().await;
        let email = user["email"].as_str().unwrap();
        let second = app.log_in(email).await;
        let (_, stranger) = app.new_user().await;
        app.me(&first.access).await.expect(200);
        app.change_email(&first, &App::address()).await.expect(202);
        let (change, reset) = (app.mailed(&user, MailPurpose::ChangeEmail).await, app.forgotten(&user).await);
        let token = app.mailed(&user, MailPurpose::VerifyEmail).await;
        app.disown(&token).await.expect(204);

        for login in [&first, &second] {
            app.expect_ended(login).await;
        }
        assert_eq!(app.try_log_in(email, PASSWORD).await.rejection(), (401, "invalid_credentials".to_owned()));
        for dead in [&token, &change] {
            app.verify(dead).await.expect_dead_token();
            app.disown(dead).await.expect_dead_token();
        }
        app.reset(&reset, NEW).await.expect_dead_token();
        let history = app.history_of(&user).await;
        assert_eq!(history[5..], [
            "svc.session.revoked.v1 by service",
            "svc.session.revoked.v1 by service",
            "svc.user.disowned.v1 by service",
        ]);
        let data = app.last_event_of(&user).await;
        assert_eq!((&data["email_verified"], &data["version"]), (&json!(false), &json!(2)));
        let reasons = app.database.texts("SELECT DISTINCT data ->> 'reason' FROM outbox WHERE data ->> 'reason' IS NOT NULL").await;
        assert_eq!(reasons, ["disowned"]);
        app.me(&stranger.access).await.expect(200);

        // The owner of the address takes the account over.
        app.clock.advance(Duration::from_mins(1));
        app.reset(&app.forgotten(&user).await, NEW).await.expect(204);
        app.try_log_in(email, NEW).await.expect(200);
        app.stop().await;
    }

    async fn it_withdraws_a_change_of_address_and_nothing_else(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let wanted = App::address();
        app.change_email(&login, &wanted).await.expect(202);
        let token = app.mailed(&user, MailPurpose::ChangeEmail).await;
        app.disown(&token).await.expect(204);
        let data = app.last_event_of(&user).await;
        assert_eq!((&data["new_email"], &data["version"]), (&json!(wanted), &json!(1)));
        assert_eq!(app.history_of(&user).await.last().unwrap(), "svc.user.email_change_disowned.v1 by service");
        app.verify(&token).await.expect_dead_token();
        // The person who mistyped an address keeps the account.
        assert_eq!(app.me(&login.access).await.expect(200), user);
        app.log_in(user["email"].as_str().unwrap()).await;
        app.verify(&app.mailed(&user, MailPurpose::VerifyEmail).await).await.expect(204);
        app.stop().await;
    }

    async fn a_verified_address_is_not_disowned(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let token = app.mailed(&user, MailPurpose::VerifyEmail).await;
        // As an operator does, which leaves the token in place.
        app.database.execute("UPDATE users SET email_verified = (1 = 1)").await.unwrap();
        app.disown(&token).await.expect_dead_token();
        app.refreshed(&login).await;
        app.stop().await;
    }

    async fn it_accepts_no_other_token(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let reset = app.forgotten(&user).await;
        let late = app.mailed(&user, MailPurpose::VerifyEmail).await;
        for token in ["", "svcm_", "x", &login.access, &login.refresh, &reset] {
            app.disown(token).await.expect_dead_token();
        }
        app.clock.advance(Duration::from_hours(24));
        app.disown(&late).await.expect_dead_token();
        app.refreshed(&login).await;
        app.stop().await;
    }

    async fn of_a_concurrent_verification_and_disowning_one_succeeds(backend: Backend) {
        let app = App::start(backend).await;
        let replica = app.replica().await;
        for _ in 0..5 {
            let user = app.register(&App::address()).await;
            let token = app.mailed(&user, MailPurpose::VerifyEmail).await;
            let (verified, disowned) = tokio::join!(app.verify(&token), replica.disown(&token));
            let mut statuses = [verified.status, disowned.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [204, 422]);
            let status = app.try_log_in(user["email"].as_str().unwrap(), PASSWORD).await.status;
            assert_eq!(status, if verified.status == 204 { 200 } else { 401 });
        }
        let user = app.register(&App::address()).await;
        let token = app.mailed(&user, MailPurpose::VerifyEmail).await;
        let answers = join_all((0..6).map(|_| app.disown(&token))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 204).count(), 1);
        replica.stop().await;
        app.stop().await;
    }
}
