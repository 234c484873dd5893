//! A log-in whose account changes between the verification of its password and the start of its session. No
//! client may get a session that the change would have ended.

use futures_util::future::{join, join_all};
use reqwest::Method;
use serde_json::{Value, json};
use svc::domain::Password;
use svc::ports::{Origin, PasswordHasher};

use crate::support::app::{Login, PASSWORD};
use crate::support::client::Answer;
use crate::support::hashers::{Gated, argon2};
use crate::support::{App, Backend, both_backends};

const NEW: &str = "another long password";

/// Logs a user in, and runs `change` after the password was verified.
async fn log_in_while(app: &App, hasher: &Gated, user: &Value, change: impl Future<Output = ()>) -> Answer {
    let held = hasher.hold_next();
    let email = user["email"].as_str().unwrap();
    join(app.try_log_in(email, PASSWORD), held.during(change)).await.0
}

async fn change_password(app: &App, login: &Login) {
    let body = json!({ "current_password": PASSWORD, "new_password": NEW });
    let path = "/api/v1/users/me/password";
    app.client.send(Method::POST, path, Some(&login.access), Some(&body)).await.expect(204);
}

both_backends! {
    async fn the_user_is_locked(backend: Backend) {
        let hasher = Gated::new();
        let app = App::start_with_hasher(backend, hasher.clone()).await;
        let admin = app.new_admin().await;
        let (user, _) = app.new_user().await;
        let answer = log_in_while(&app, &hasher, &user, app.set_status(&admin, &user, "locked")).await;
        assert_eq!(answer.rejection(), (403, "account_locked".to_owned()));
        assert_eq!(app.live_sessions(&user).await, 0);
        app.stop().await;
    }

    async fn the_user_is_locked_and_unlocked(backend: Backend) {
        let hasher = Gated::new();
        let app = App::start_with_hasher(backend, hasher.clone()).await;
        let admin = app.new_admin().await;
        let (user, before) = app.new_user().await;
        let change = async {
            app.set_status(&admin, &user, "locked").await;
            app.set_status(&admin, &user, "active").await;
        };
        let login = Login::of(&log_in_while(&app, &hasher, &user, change).await.expect(200));
        app.refreshed(&login).await;
        app.expect_ended(&before).await;
        app.stop().await;
    }

    async fn the_password_changes(backend: Backend) {
        let hasher = Gated::new();
        let app = App::start_with_hasher(backend, hasher.clone()).await;
        let (user, login) = app.new_user().await;
        let answer = log_in_while(&app, &hasher, &user, change_password(&app, &login)).await;
        assert_eq!(answer.rejection(), (401, "invalid_credentials".to_owned()));
        // The session that made the change remains.
        assert_eq!(app.live_sessions(&user).await, 1);
        app.try_log_in(user["email"].as_str().unwrap(), NEW).await.expect(200);
        app.stop().await;
    }

    async fn the_password_changes_while_an_outdated_hash_is_replaced(backend: Backend) {
        let hasher = Gated::new();
        let app = App::start_with_hasher(backend, hasher.clone()).await;
        let (user, login) = app.new_user().await;
        let cheap = bcrypt::hash_with_salt(PASSWORD, 4, [7; 16]).unwrap().to_string();
        app.database.execute(&format!("UPDATE users SET password_hash = '{cheap}'")).await.unwrap();
        let answer = log_in_while(&app, &hasher, &user, change_password(&app, &login)).await;
        assert_eq!(answer.rejection(), (401, "invalid_credentials".to_owned()));
        app.try_log_in(user["email"].as_str().unwrap(), NEW).await.expect(200);
        app.stop().await;
    }

    async fn the_hash_is_replaced_for_the_same_password(backend: Backend) {
        let hasher = Gated::new();
        let app = App::start_with_hasher(backend, hasher.clone()).await;
        let user = app.register("ada@example.com").await;
        let hash = argon2(64, 2).hash(&Origin::default(), &Password::new(PASSWORD)).await.unwrap();
        let replace = format!("UPDATE users SET password_hash = '{}'", hash.expose());
        let change = async { app.database.execute(&replace).await.unwrap() };
        log_in_while(&app, &hasher, &user, change).await.expect(200);
        assert_eq!(app.live_sessions(&user).await, 1);
        app.stop().await;
    }

    async fn the_user_is_deleted(backend: Backend) {
        let hasher = Gated::new();
        let app = App::start_with_hasher(backend, hasher.clone()).await;
        let admin = app.new_admin().await;
        let (user, _) = app.new_user().await;
        let answer = log_in_while(&app, &hasher, &user, app.delete(&admin, &user)).await;
        assert_eq!(answer.rejection(), (401, "invalid_credentials".to_owned()));
        assert_eq!(app.live_sessions(&user).await, 0);
        app.stop().await;
    }

    async fn the_user_logs_out_everywhere(backend: Backend) {
        let hasher = Gated::new();
        let app = App::start_with_hasher(backend, hasher.clone()).await;
        let (user, before) = app.new_user().await;
        let change = async {
            let path = "/api/v1/auth/logout-all";
            app.client.send(Method::POST, path, Some(&before.access), None).await.expect(204);
        };
        // A client that sends the password now is supposed to be logged in.
        let login = Login::of(&log_in_while(&app, &hasher, &user, change).await.expect(200));
        app.refreshed(&login).await;
        app.expect_ended(&before).await;
        app.stop().await;
    }

    async fn no_concurrent_log_in_survives_a_lock(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = app.register("ada@example.com").await;
        let log_ins = async || join_all((0..20).map(|_| app.try_log_in("ada@example.com", PASSWORD))).await;
        let (early, (), late) =
            tokio::join!(log_ins(), app.set_status(&admin, &user, "locked"), log_ins());
        for answer in early.iter().chain(&late) {
            assert!([200, 403].contains(&answer.status), "{answer:?}");
        }
        assert_eq!(app.live_sessions(&user).await, 0);
        app.stop().await;
    }
}
