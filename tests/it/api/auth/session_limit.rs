//! A user has at most `security.sessions_per_user` live sessions.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;
use svc::domain::{Email, UserRef};
use svc::usecases::TokenRequest;

use crate::support::app::{Login, PASSWORD};
use crate::support::{App, Backend, both_backends, given};

const LIMIT_OF_TWO: &[&str] = &["security.sessions_per_user=2"];

/// Returns the sessions that were revoked because of the limit, one per event.
async fn revoked_for_the_limit(app: &App) -> Vec<String> {
    let sql = "SELECT data ->> 'session_id' FROM outbox WHERE type = 'svc.session.revoked.v1' \
        AND data ->> 'reason' = 'session_limit' AND actor = 'service' ORDER BY seq";
    app.database.texts(sql).await
}

fn email(user: &Value) -> &str {
    user["email"].as_str().unwrap()
}

/// Logs in, and retries if the database was too busy to start the session within a second.
async fn patient_log_in(app: &App, email: &str) -> Login {
    loop {
        let answer = app.try_log_in(email, PASSWORD).await;
        if answer.status != 503 {
            return Login::of(&answer.expect(200));
        }
    }
}

both_backends! {
    async fn a_log_in_above_the_limit_revokes_the_session_that_was_idle_longest(backend: Backend) {
        let app = App::start_with(backend, LIMIT_OF_TWO, |builder| builder).await.cached().await;
        let (user, first) = app.new_user().await;
        let (other, stranger) = app.new_user().await;
        app.clock.advance(Duration::from_secs(1));
        let second = app.log_in(email(&user)).await;
        app.clock.advance(Duration::from_secs(1));
        // The first one is used, so that the second one has been idle longer; both are in the cache.
        let first = app.refreshed(&first).await;
        app.me(&second.access).await.expect(200);
        let third = app.log_in(email(&user)).await;

        app.expect_ended(&second).await;
        app.me(&first.access).await.expect(200);
        app.me(&third.access).await.expect(200);
        assert_eq!(app.live_sessions(&user).await, 2);
        assert_eq!(revoked_for_the_limit(&app).await, [second.session_id()]);
        app.me(&stranger.access).await.expect(200);
        assert_eq!(app.live_sessions(&other).await, 1);
        app.stop().await;
    }

    async fn sessions_that_ended_leave_room(backend: Backend) {
        let app = App::start_with(backend, LIMIT_OF_TWO, |builder| builder).await;
        let (user, first) = app.new_user().await;
        let second = app.log_in(email(&user)).await;
        app.log_out(&first.refresh).await.expect(204);
        let third = app.log_in(email(&user)).await;
        for login in [&second, &third] {
            app.me(&login.access).await.expect(200);
        }
        // Both expire.
        app.clock.advance(Duration::from_hours(30 * 24));
        app.log_in(email(&user)).await;
        app.log_in(email(&user)).await;
        assert_eq!(revoked_for_the_limit(&app).await, [] as [String; 0]);
        app.stop().await;
    }

    async fn an_operators_session_counts(backend: Backend) {
        let app = App::start_with(backend, LIMIT_OF_TWO, |builder| builder).await;
        let (user, first) = app.new_user().await;
        app.clock.advance(Duration::from_secs(1));
        let issue = async || {
            let user = UserRef::Email(Email::parse(email(&user)).unwrap());
            let request = TokenRequest { user, ttl: None, refresh: true, audience: None, actor: given::operator() };
            app.container.use_cases.auth.issue_token.run(&request).await.unwrap().session.id.to_string()
        };
        let issued = issue().await;
        app.clock.advance(Duration::from_secs(1));
        issue().await;
        assert_eq!(revoked_for_the_limit(&app).await, [first.session_id()]);
        app.log_in(email(&user)).await;
        assert_eq!(revoked_for_the_limit(&app).await, [first.session_id(), issued]);
        assert_eq!(app.live_sessions(&user).await, 2);
        app.stop().await;
    }

    async fn parallel_log_ins_leave_exactly_the_limit(backend: Backend) {
        let limit = &["security.sessions_per_user=10"];
        let app = App::start_with(backend, limit, |builder| builder).await;
        let replica = app.replica_with(limit, |builder| builder).await;
        let user = app.register(&App::address()).await;
        // Two processes take turns with one file of SQLite, which takes long on a busy machine.
        let services = match backend {
            Backend::Sqlite => [&app, &app],
            Backend::Postgres => [&app, &replica],
        };
        let logins = join_all((0..50).map(|n| patient_log_in(services[n % 2], email(&user)))).await;

        assert_eq!(app.live_sessions(&user).await, 10);
        let mut revoked = revoked_for_the_limit(&app).await;
        assert_eq!(revoked.len(), 40);
        revoked.sort();
        revoked.dedup();
        assert_eq!(revoked.len(), 40, "one event for each");
        for login in &logins {
            let status = app.refresh(&login.refresh).await.status;
            assert_eq!(status == 401, revoked.binary_search(&login.session_id()).is_ok(), "{status}");
        }
        replica.stop().await;
        app.stop().await;
    }
}
