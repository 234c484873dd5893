use futures_util::future::join_all;
use reqwest::Method;

use crate::support::client::Answer;
use crate::support::{App, Backend, both_backends};

async fn log_out_all(app: &App, access: &str) -> Answer {
    app.client.send(Method::POST, "/api/v1/auth/logout-all", Some(access), None).await
}

both_backends! {
    async fn every_session_ends_including_the_current_one(backend: Backend) {
        let app = App::start(backend).await;
        let replica = app.replica().await;
        let (user, first) = app.new_user().await;
        let email = user["email"].as_str().unwrap();
        let others = [app.log_in(email).await, replica.log_in(email).await];
        let (_, stranger) = app.new_user().await;

        log_out_all(&app, &first.access).await.expect(204);
        for login in others.iter().chain([&first]) {
            app.expect_ended(login).await;
            replica.expect_ended(login).await;
        }
        assert_eq!(log_out_all(&app, &first.access).await.rejection().1, "session_revoked");
        let events = app.events_of(&user).await;
        assert_eq!(events[4..], ["svc.session.revoked.v1"; 3]);
        app.refreshed(&stranger).await;
        app.log_in(email).await;
        replica.stop().await;
        app.stop().await;
    }

    async fn each_session_ends_once(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        app.log_in(user["email"].as_str().unwrap()).await;
        for answer in join_all((0..10).map(|_| log_out_all(&app, &login.access))).await {
            assert!([204, 401].contains(&answer.status), "{answer:?}");
        }
        let events = app.events_of(&user).await;
        assert_eq!(events[3..], ["svc.session.revoked.v1"; 2]);
        app.stop().await;
    }

    async fn no_refresh_outlives_it(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let refreshes = join_all((0..20).map(|_| app.refresh(&login.refresh)));
        let (answers, ended) = tokio::join!(refreshes, log_out_all(&app, &login.access));
        ended.expect(204);
        for answer in answers {
            assert!(answer.status == 200 || answer.rejection().1 == "session_revoked", "{answer:?}");
        }
        assert_eq!(app.live_sessions(&user).await, 0);
        app.expect_ended(&login).await;
        app.stop().await;
    }
}
