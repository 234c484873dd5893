//! Refresh: rotation here, ended sessions (`ended`), forged tokens (`forged`), reused tokens (`reused`), and
//! rotations whose answer was lost (`undelivered`).

mod ended;
mod forged;
mod reused;
mod undelivered;

use std::collections::HashSet;
use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::support::app::Login;
use crate::support::client::claims;
use crate::support::faulty_store::Faults;
use crate::support::{App, Backend, both_backends};

/// How long a replaced token may be sent again.
const GRACE: Duration = Duration::from_secs(30);
/// One microsecond less.
const WITHIN_GRACE: Duration = Duration::from_micros(30_000_000 - 1);

both_backends! {
    async fn a_token_is_rotated_for_the_next_pair(backend: Backend) {
        let app = App::start(backend).await;
        let (_, first) = app.new_user().await;
        app.clock.advance(Duration::from_mins(10));
        let answer = app.refresh(&first.refresh).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        let pair = answer.expect(200);
        assert_eq!(pair["token_type"], "Bearer");
        assert_eq!((&pair["expires_in"], &pair["refresh_expires_in"]), (&json!(900), &json!(30 * 24 * 3600)));

        let second = Login::of(&pair);
        assert_ne!(second.refresh, first.refresh);
        let (before, after) = (claims(&first.access), claims(&second.access));
        assert_eq!((&before["sid"], &before["sub"]), (&after["sid"], &after["sub"]));
        assert_ne!(before["jti"], after["jti"]);
        assert_eq!(after["iat"].as_i64().unwrap() - before["iat"].as_i64().unwrap(), 600);
        // Both open the API until they expire, and the newer refresh token works.
        app.me(&first.access).await.expect(200);
        app.me(&second.access).await.expect(200);
        app.refreshed(&second).await;
        app.stop().await;
    }

    async fn the_session_stores_the_client_of_the_last_refresh(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        app.clock.advance(Duration::from_mins(10));
        let request = app
            .client
            .request(Method::POST, "/api/v1/auth/refresh")
            .header("user-agent", "svc-test/2")
            .json(&json!({ "refresh_token": login.refresh }));
        let login = Login::of(&app.client.answer(request).await.expect(200));
        let sessions = app.client.get("/api/v1/auth/sessions", Some(&login.access)).await.expect(200);
        let session = &sessions["items"][0];
        assert_eq!(session["client_agent"], "svc-test/2");
        assert_eq!(session["client_address"], "127.0.0.1");
        assert_ne!(session["refreshed_at"], session["created_at"]);
        app.stop().await;
    }

    async fn a_hundred_at_once_get_one_successor(backend: Backend) {
        let app = App::start(backend).await;
        let other = app.replica().await;
        let (user, first) = app.new_user().await;
        let answers = join_all((0..100).map(|n| if n % 2 == 0 { &app } else { &other }.refresh(&first.refresh)));
        let pairs: Vec<Login> =
            answers.await.into_iter().map(|answer| Login::of(&answer.expect(200))).collect();
        let successors: HashSet<&str> = pairs.iter().map(|pair| pair.refresh.as_str()).collect();
        assert_eq!(successors.len(), 1);
        assert!(!successors.contains(first.refresh.as_str()));
        for pair in &pairs {
            app.me(&pair.access).await.expect(200);
        }
        app.refreshed(&pairs[0]).await;
        assert_eq!(app.live_sessions(&user).await, 1);
        assert_eq!(app.events_of(&user).await, ["svc.user.registered.v1", "svc.session.started.v1"]);
        other.stop().await;
        app.stop().await;
    }

    async fn of_a_hundred_that_read_the_same_generation_one_rotates_it(backend: Backend) {
        let faults = Faults::default();
        let app = App::start_with(backend, &[], |builder| builder.around_store(faults.wrap())).await;
        let (user, first) = app.new_user().await;
        faults.gather_rotations(100);
        let answers = join_all((0..100).map(|_| app.refresh(&first.refresh))).await;
        let successors: HashSet<String> =
            answers.into_iter().map(|answer| Login::of(&answer.expect(200)).refresh).collect();
        assert_eq!(successors.len(), 1);
        assert_eq!(app.live_sessions(&user).await, 1);
        app.stop().await;
    }

    async fn a_lost_answer_can_be_repeated(backend: Backend) {
        let app = App::start(backend).await;
        let (user, first) = app.new_user().await;
        let second = app.refreshed(&first).await;
        app.clock.advance(WITHIN_GRACE);
        let again = app.refreshed(&first).await;
        assert_eq!(again.refresh, second.refresh);
        app.me(&again.access).await.expect(200);

        // Also at another process, and after a restart.
        let replica = app.replica().await;
        assert_eq!(replica.refreshed(&first).await.refresh, second.refresh);
        replica.stop().await;
        let app = app.restart().await;
        assert_eq!(app.refreshed(&first).await.refresh, second.refresh);
        assert_eq!(app.live_sessions(&user).await, 1);
        app.stop().await;
    }

    async fn the_grace_can_be_switched_off(backend: Backend) {
        let app = App::start_with(backend, &["security.token.refresh_grace=0s"], |builder| builder).await;
        let (_, first) = app.new_user().await;
        let second = app.refreshed(&first).await;
        assert_eq!(app.refresh(&first.refresh).await.rejection(), (401, "token_reused".to_owned()));
        app.expect_ended(&second).await;
        app.stop().await;
    }

    async fn wrong_input_is_named(backend: Backend) {
        let app = App::start(backend).await;
        for (body, wrong) in [
            (json!({}), &["/refresh_token missing"][..]),
            (json!({ "refresh_token": 5 }), &["/refresh_token wrong_type"]),
            (json!({ "refresh_token": "", "token": "" }), &["/token unknown"]),
        ] {
            let answer = app.client.post("/api/v1/auth/refresh", &body).await;
            assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()));
            assert_eq!(answer.wrong_values(), wrong);
        }
        app.stop().await;
    }
}
