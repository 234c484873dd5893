//! Reuse of a refresh token: two clients hold it, and one of them should not.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;

use super::{GRACE, WITHIN_GRACE};
use crate::support::app::Login;
use crate::support::{App, Backend, both_backends};

/// The events after a theft, with one registration and one log-in.
const EVENTS: &[&str] = &[
    "svc.user.registered.v1",
    "svc.session.started.v1",
    "svc.session.reuse_detected.v1",
    "svc.session.revoked.v1",
];

/// Presents a replaced token: its session must end, with one event.
async fn expect_theft(app: &App, stolen: &Login, newest: &Login, user: &Value) {
    let answer = app.refresh(&stolen.refresh).await;
    assert_eq!(answer.rejection(), (401, "token_reused".to_owned()));
    assert_eq!(answer.header("www-authenticate"), r#"Bearer error="invalid_token""#);
    app.expect_ended(newest).await;
    assert_eq!(app.me(&stolen.access).await.rejection(), (401, "session_revoked".to_owned()));
    // Later requests find it ended.
    app.expect_ended(stolen).await;
    assert_eq!(app.live_sessions(user).await, 0);
    assert_eq!(app.events_of(user).await, EVENTS);
}

both_backends! {
    async fn the_previous_token_counts_as_stolen_after_the_grace(backend: Backend) {
        let app = App::start(backend).await;
        let (user, first) = app.new_user().await;
        let second = app.refreshed(&first).await;
        app.clock.advance(GRACE);
        expect_theft(&app, &first, &second, &user).await;
        app.stop().await;
    }

    async fn the_previous_token_counts_as_stolen_once_its_successor_was_used(backend: Backend) {
        let app = App::start(backend).await;
        let (user, first) = app.new_user().await;
        let second = app.refreshed(&first).await;
        let third = app.refreshed(&second).await;
        expect_theft(&app, &first, &third, &user).await;
        app.stop().await;
    }

    async fn a_much_older_token_counts_as_stolen(backend: Backend) {
        let app = App::start(backend).await;
        let (user, first) = app.new_user().await;
        let mut newest = first.clone();
        for _ in 0..10 {
            app.clock.advance(Duration::from_mins(1));
            newest = app.refreshed(&newest).await;
        }
        expect_theft(&app, &first, &newest, &user).await;
        app.stop().await;
    }

    async fn a_restart_forgets_nothing(backend: Backend) {
        let app = App::start(backend).await;
        let (user, first) = app.new_user().await;
        let second = app.refreshed(&first).await;
        let app = app.restart().await;
        app.clock.advance(GRACE);
        expect_theft(&app, &first, &second, &user).await;
        // Nor that it ended.
        let app = app.restart().await;
        app.expect_ended(&second).await;
        app.stop().await;
    }

    async fn another_replica_knows(backend: Backend) {
        let app = App::start(backend).await;
        let replica = app.replica().await;
        let (user, first) = app.new_user().await;
        let second = app.refreshed(&first).await;
        let third = replica.refreshed(&second).await;
        expect_theft(&replica, &first, &third, &user).await;
        app.expect_ended(&third).await;
        replica.stop().await;
        app.stop().await;
    }

    async fn a_repeated_answer_does_not_count_as_use_of_the_successor(backend: Backend) {
        let app = App::start(backend).await;
        let (user, first) = app.new_user().await;
        let second = app.refreshed(&first).await;
        app.clock.advance(WITHIN_GRACE);
        // A repetition does not extend the grace period.
        app.refreshed(&first).await;
        app.clock.advance(Duration::from_micros(1));
        expect_theft(&app, &first, &second, &user).await;
        app.stop().await;
    }

    async fn only_its_own_session_ends(backend: Backend) {
        let app = App::start(backend).await;
        let (user, first) = app.new_user().await;
        let elsewhere = app.log_in(user["email"].as_str().unwrap()).await;
        let (_, stranger) = app.new_user().await;
        app.refreshed(&first).await;
        app.clock.advance(GRACE);
        assert_eq!(app.refresh(&first.refresh).await.rejection(), (401, "token_reused".to_owned()));
        for login in [elsewhere, stranger] {
            app.me(&login.access).await.expect(200);
            app.refreshed(&login).await;
        }
        app.stop().await;
    }

    async fn many_thieves_at_once_end_it_once(backend: Backend) {
        let app = App::start(backend).await;
        let (user, first) = app.new_user().await;
        let second = app.refreshed(&first).await;
        app.clock.advance(GRACE);
        let owner = app.refresh(&second.refresh);
        let (answers, _) = tokio::join!(join_all((0..30).map(|_| app.refresh(&first.refresh))), owner);
        let codes: Vec<_> = answers.iter().map(|answer| answer.rejection().1).collect();
        assert!(codes.iter().any(|code| code == "token_reused"), "{codes:?}");
        assert!(codes.iter().all(|code| code == "token_reused" || code == "session_revoked"), "{codes:?}");
        assert_eq!(app.events_of(&user).await, EVENTS);
        assert_eq!(app.live_sessions(&user).await, 0);
        app.stop().await;
    }
}
