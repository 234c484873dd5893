//! Sessions that have expired or were revoked.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::support::app::PASSWORD;
use crate::support::client::claims;
use crate::support::{App, Backend, both_backends};

const IDLE: Duration = Duration::from_hours(30 * 24);
const ALMOST_IDLE: Duration = Duration::from_micros(30 * 24 * 3600 * 1_000_000 - 1);

both_backends! {
    async fn it_ends_when_it_is_not_refreshed(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        app.clock.advance(ALMOST_IDLE);
        let login = app.refreshed(&login).await;
        app.clock.advance(ALMOST_IDLE);
        let login = app.refreshed(&login).await;
        app.clock.advance(IDLE);
        assert_eq!(app.refresh(&login.refresh).await.rejection(), (401, "session_expired".to_owned()));
        assert_eq!(app.me(&login.access).await.rejection(), (401, "invalid_token".to_owned()));
        assert_eq!(app.live_sessions(&user).await, 0);
        // It expired, so there is no event.
        assert_eq!(app.events_of(&user).await, ["svc.user.registered.v1", "svc.session.started.v1"]);
        app.stop().await;
    }

    async fn it_ends_however_often_it_is_refreshed(backend: Backend) {
        let app = App::start(backend).await;
        let (_, mut login) = app.new_user().await;
        for _ in 0..3 {
            app.clock.advance(Duration::from_hours(29 * 24));
            login = app.refreshed(&login).await;
        }
        app.clock.advance(Duration::from_mins(3 * 24 * 60 - 1));
        // A minute is left of its ninety days, and no new token outlives the session.
        let pair = app.refresh(&login.refresh).await.expect(200);
        assert_eq!((&pair["expires_in"], &pair["refresh_expires_in"]), (&json!(60), &json!(60)));
        let access = claims(pair["access_token"].as_str().unwrap());
        assert_eq!(access["exp"].as_i64().unwrap() - access["iat"].as_i64().unwrap(), 60);
        app.clock.advance(Duration::from_mins(1));
        let newest = pair["refresh_token"].as_str().unwrap();
        assert_eq!(app.refresh(newest).await.rejection(), (401, "session_expired".to_owned()));
        app.stop().await;
    }

    async fn it_ends_when_its_user_logs_out(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        app.log_out(&login.refresh).await.expect(204);
        let answer = app.refresh(&login.refresh).await;
        assert_eq!(answer.rejection(), (401, "session_revoked".to_owned()));
        assert_eq!(answer.header("www-authenticate"), r#"Bearer error="invalid_token""#);
        app.stop().await;
    }

    async fn it_ends_when_its_user_is_locked(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let (user, login) = app.new_user().await;
        app.set_status(&admin, &user, "locked").await;
        app.expect_ended(&login).await;
        app.stop().await;
    }

    async fn it_does_not_work_while_its_user_is_locked_in_the_database(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        app.database.execute("UPDATE users SET status = 'locked'").await.unwrap();
        app.expect_ended(&login).await;
        app.database.execute("UPDATE users SET status = 'active'").await.unwrap();
        app.refreshed(&login).await;
        app.stop().await;
    }

    async fn it_is_deleted_with_its_user(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        let body = json!({ "password": PASSWORD });
        app.client.send(Method::DELETE, "/api/v1/users/me", Some(&login.access), Some(&body)).await.expect(204);
        assert_eq!(app.refresh(&login.refresh).await.rejection(), (401, "invalid_token".to_owned()));
        assert_eq!(app.me(&login.access).await.rejection(), (401, "invalid_token".to_owned()));
        app.stop().await;
    }
}
