use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use svc::domain::MailPurpose;

use crate::support::app::PASSWORD;
use crate::support::hashers::Gated;
use crate::support::{App, Backend, both_backends, given};

const DAY: Duration = Duration::from_hours(24);

both_backends! {
    async fn the_token_of_the_registration_verifies_the_address_once(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        assert_eq!(user["email_verified"], false);
        let token = app.mailed(&user, MailPurpose::VerifyEmail).await;
        app.verify(&token).await.expect(204);

        let me = app.me(&login.access).await;
        assert_eq!(me.header("etag"), "\"2\"");
        assert_eq!(me.expect(200)["email_verified"], true);
        app.refreshed(&login).await;
        app.verify(&token).await.expect_dead_token();
        let history = app.history_of(&user).await;
        assert_eq!(history.last().unwrap(), "svc.user.email_verified.v1 by self");
        assert_eq!(app.last_event_of(&user).await["email_verified"], true);
        app.stop().await;
    }

    async fn a_session_of_the_account_proves_it_too(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let (_, other) = app.new_user().await;
        let token = app.mailed(&user, MailPurpose::VerifyEmail).await;
        assert_eq!(app.verify_as(&token, &other).await.wrong_values(), ["/password missing"]);
        app.verify_as(&token, &login).await.expect(204);
        assert_eq!(app.me(&login.access).await.expect(200)["email_verified"], true);

        app.change_email(&login, &App::address()).await.expect(202);
        let token = app.mailed(&user, MailPurpose::ChangeEmail).await;
        app.verify_as(&token, &login).await.expect(204);
        app.stop().await;
    }

    async fn an_access_token_that_is_not_valid_is_refused_whatever_else_is_sent(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let token = app.mailed(&user, MailPurpose::VerifyEmail).await;
        app.log_out(&login.refresh).await.expect(204);
        let body = json!({ "token": token, "password": PASSWORD });
        for (access, code) in [(login.access.as_str(), "session_revoked"), ("x", "invalid_token")] {
            let path = "/api/v1/auth/email/verify";
            let answer = app.client.send(Method::POST, path, Some(access), Some(&body)).await;
            assert_eq!(answer.rejection(), (401, code.to_owned()));
        }
        app.verify(&token).await.expect(204);
        app.stop().await;
    }

    async fn a_wrong_password_is_refused_and_uses_nothing_up(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let token = app.mailed(&user, MailPurpose::VerifyEmail).await;
        let answer = app.verify_with(&token, "incorrect horse").await;
        assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()));
        assert_eq!(answer.wrong_values(), ["/password wrong_password"]);
        assert_eq!(app.me(&login.access).await.expect(200), user);
        app.verify(&token).await.expect(204);
        app.stop().await;
    }

    async fn a_password_that_changes_while_it_is_verified_is_a_wrong_one(backend: Backend) {
        let hasher = Gated::new();
        let app = App::start_with_hasher(backend, hasher.clone()).await;
        let (user, login) = app.new_user().await;
        let token = app.mailed(&user, MailPurpose::VerifyEmail).await;
        let held = hasher.hold_next();
        let change = json!({ "current_password": PASSWORD, "new_password": "another horse battery" });
        let (answer, ()) = tokio::join!(
            app.verify(&token),
            held.during(async {
                let path = "/api/v1/users/me/password";
                app.client.send(Method::POST, path, Some(&login.access), Some(&change)).await.expect(204);
            })
        );
        assert_eq!(answer.wrong_values(), ["/password wrong_password"]);
        app.verify_with(&token, "another horse battery").await.expect(204);
        app.stop().await;
    }

    async fn used_by_many_at_once_it_works_for_one(backend: Backend) {
        let app = App::start(backend).await;
        let replica = app.replica().await;
        let (user, _) = app.new_user().await;
        let token = app.mailed(&user, MailPurpose::VerifyEmail).await;
        let attempts = (0..10).map(|number| if number % 2 == 0 { app.verify(&token) } else { replica.verify(&token) });
        let answers = join_all(attempts).await;
        let (done, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 204);
        assert_eq!((done.len(), refused.len()), (1, 9));
        refused.iter().for_each(crate::support::client::Answer::expect_dead_token);
        let verified = app.events_of(&user).await;
        let verified = verified.iter().filter(|event| *event == "svc.user.email_verified.v1");
        assert_eq!(verified.count(), 1);
        replica.stop().await;
        app.stop().await;
    }

    async fn it_is_good_for_a_day(backend: Backend) {
        let app = App::start(backend).await;
        let (early, late) = (app.register(&App::address()).await, app.register(&App::address()).await);
        app.clock.advance(DAY.saturating_sub(Duration::from_micros(1)));
        app.verify(&app.mailed(&early, MailPurpose::VerifyEmail).await).await.expect(204);
        app.clock.advance(Duration::from_micros(1));
        app.verify(&app.mailed(&late, MailPurpose::VerifyEmail).await).await.expect_dead_token();
        app.stop().await;
    }

    async fn every_invalid_token_gets_the_same_rejection(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let reset = app.forgotten(&user).await;
        let right = app.mailed(&user, MailPurpose::VerifyEmail).await;
        let details = join_all(
            ["", "svcm_", "x", &login.access, &login.refresh, &reset, &right[1..], &right.replace("svcm_", "svcr_")]
                .map(str::to_owned)
                .into_iter()
                .chain([app.token_of(given::id(), MailPurpose::VerifyEmail)])
                .map(async |token: String| {
                    let answer = app.verify(&token).await;
                    answer.expect_dead_token();
                    answer.json()["errors"].clone()
                }),
        )
        .await;
        assert!(details.iter().all(|detail| *detail == details[0]), "{details:?}");
        app.verify(&right).await.expect(204);
        app.stop().await;
    }

    async fn it_goes_with_its_user(backend: Backend) {
        let app = App::start(backend).await;
        let user = app.register(&App::address()).await;
        let token = app.mailed(&user, MailPurpose::VerifyEmail).await;
        app.database.execute("DELETE FROM users").await.unwrap();
        app.verify(&token).await.expect_dead_token();
        assert_eq!(app.database.texts("SELECT purpose FROM mail_tokens").await, Vec::<String>::new());
        app.stop().await;
    }

    async fn neither_the_token_nor_its_secret_is_stored(backend: Backend) {
        let app = App::start(backend).await;
        let user = app.register(&App::address()).await;
        app.forgotten(&user).await;
        let digests = match backend {
            Backend::Sqlite => "SELECT lower(hex(digest)) FROM mail_tokens",
            Backend::Postgres => "SELECT encode(digest, 'hex') FROM mail_tokens",
        };
        let digests = app.database.texts(digests).await;
        assert_eq!(digests.len(), 2);
        let events = app.database.texts("SELECT CAST(data AS text) FROM outbox").await.concat();
        assert!(!events.contains("svcm_") && digests.iter().all(|digest| !events.contains(digest)), "{events}");
        app.stop().await;
    }
}
