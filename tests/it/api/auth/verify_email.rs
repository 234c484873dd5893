use std::time::Duration;

use futures_util::future::join_all;
use svc::domain::MailPurpose;

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

    async fn used_by_many_at_once_it_works_for_one(backend: Backend) {
        let app = App::start(backend).await;
        let replica = app.replica().await;
        let (user, _) = app.new_user().await;
        let token = app.mailed(&user, MailPurpose::VerifyEmail).await;
        let tries = (0..10).map(|number| if number % 2 == 0 { app.verify(&token) } else { replica.verify(&token) });
        let answers = join_all(tries).await;
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

    async fn what_is_no_such_token_is_refused_in_the_same_words(backend: Backend) {
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

    async fn neither_the_token_nor_the_secret_of_it_stands_anywhere(backend: Backend) {
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
