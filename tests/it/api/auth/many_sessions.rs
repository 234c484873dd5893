//! Operations that end every session of a user, for a user with more sessions than one unit of work revokes.

use reqwest::Method;
use serde_json::{Value, json};
use svc::domain::{Session, UserId};
use svc::ports::Clock;

use crate::support::app::{Login, PASSWORD};
use crate::support::client::Answer;
use crate::support::faulty_store::{Fault, Faults, FaultyStore};
use crate::support::{App, Backend, both_backends, given};

const NEW: &str = "another horse battery";
/// Two full units of work, and some.
const MANY: usize = 600;

/// Makes a user with that many sessions in the store, beside the one that is logged in. They were opened
/// before there was a limit.
async fn crowded(app: &App) -> (Value, Login) {
    let (user, login) = app.new_user().await;
    let id = UserId(user["id"].as_str().unwrap().parse().unwrap());
    let now = app.clock.now();
    let sessions: Vec<_> = (0..MANY)
        .map(|_| Session {
            created_at: now,
            rotated_at: now,
            idle_expires_at: now.plus(std::time::Duration::from_hours(1)),
            absolute_expires_at: now.plus(std::time::Duration::from_hours(1)),
            ..given::session(id)
        })
        .collect();
    given::store_sessions(&app.database.store, &sessions).await;
    (user, login)
}

/// Returns how many sessions of the user are live, and how many events report one that was revoked for this
/// reason. Fails if two events report the same one.
async fn counts(app: &App, user: &Value, reason: &str) -> (usize, usize) {
    let count = async |sql: String| app.database.texts(&sql).await[0].parse::<usize>().unwrap();
    let id = user["id"].as_str().unwrap();
    let id = match app.database.backend() {
        Backend::Sqlite => format!("x'{}'", id.replace('-', "")),
        Backend::Postgres => format!("'{id}'"),
    };
    let live =
        format!("SELECT CAST(count(*) AS text) FROM sessions WHERE user_id = {id} AND revoked_at IS NULL");
    let events = |what| {
        format!(
            "SELECT CAST(count({what}) AS text) FROM outbox WHERE subject = {id} \
             AND type = 'svc.session.revoked.v1' AND data ->> 'reason' = '{reason}'"
        )
    };
    let revoked = count(events("*")).await;
    assert_eq!(count(events("DISTINCT data ->> 'session_id'")).await, revoked);
    (count(live).await, revoked)
}

async fn change_password(app: &App, login: &Login) -> Answer {
    let body = json!({ "current_password": PASSWORD, "new_password": NEW });
    app.client.send(Method::POST, "/api/v1/users/me/password", Some(&login.access), Some(&body)).await
}

both_backends! {
    async fn a_log_in_reduces_them_to_the_limit(backend: Backend) {
        let app = App::start_with(backend, &["security.sessions_per_user=10"], |builder| builder).await;
        let (user, _) = crowded(&app).await;
        let login = app.log_in(user["email"].as_str().unwrap()).await;
        assert_eq!(counts(&app, &user, "session_limit").await, (10, MANY + 2 - 10));
        app.me(&login.access).await.expect(200);
        app.stop().await;
    }

    async fn a_new_password_ends_every_other_one(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = crowded(&app).await;
        change_password(&app, &login).await.expect(204);
        assert_eq!(counts(&app, &user, "password_changed").await, (1, MANY));
        app.me(&login.access).await.expect(200);
        app.stop().await;
    }

    async fn a_password_is_changed_only_with_the_end_of_the_last_one(backend: Backend) {
        let faults = Faults::default();
        let given = faults.clone();
        let replace = |store| FaultyStore::around(store, given);
        let app = App::start_with(backend, &["cache.url=off:"], |builder| builder.around_store(replace)).await;
        let (user, login) = crowded(&app).await;
        let email = user["email"].as_str().unwrap();
        // The session, the account, then a begin and a commit for each unit of work.
        for (call, revoked) in [(2, 0), (4, 256), (4, 512)] {
            faults.after(call, Fault::Before);
            assert_eq!(change_password(&app, &login).await.rejection(), (503, "unavailable".to_owned()));
            assert!(faults.was_met());
            let live = MANY + 1 - revoked;
            assert_eq!(counts(&app, &user, "password_changed").await, (live, revoked), "{call}");
            assert_eq!(app.try_log_in(email, NEW).await.status, 401, "the password stays");
        }
        change_password(&app, &login).await.expect(204);
        assert_eq!(counts(&app, &user, "password_changed").await, (1, MANY));
        app.try_log_in(email, NEW).await.expect(200);
        app.stop().await;
    }

    async fn a_wrong_password_ends_none(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = crowded(&app).await;
        let body = json!({ "current_password": "incorrect horse", "new_password": NEW });
        let path = "/api/v1/users/me/password";
        app.client.send(Method::POST, path, Some(&login.access), Some(&body)).await.rejection();
        assert_eq!(counts(&app, &user, "password_changed").await, (MANY + 1, 0));
        app.stop().await;
    }

    async fn a_reset_ends_them_all(backend: Backend) {
        let app = App::start(backend).await;
        let (user, _) = crowded(&app).await;
        app.reset(&app.forgotten(&user).await, NEW).await.expect(204);
        assert_eq!(counts(&app, &user, "password_changed").await, (0, MANY + 1));
        app.stop().await;
    }

    async fn logging_out_everywhere_ends_them_all(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = crowded(&app).await;
        app.client.send(Method::POST, "/api/v1/auth/logout-all", Some(&login.access), None).await.expect(204);
        assert_eq!(counts(&app, &user, "logged_out_everywhere").await, (0, MANY + 1));
        app.stop().await;
    }

    async fn a_lock_ends_them_all(backend: Backend) {
        let app = App::start(backend).await;
        let (admin, (user, _)) = (app.new_admin().await, crowded(&app).await);
        app.set_status(&admin, &user, "locked").await;
        assert_eq!(counts(&app, &user, "user_locked").await, (0, MANY + 1));
        app.stop().await;
    }

    /// As if the process died after the lock and before the last session.
    async fn sessions_that_survived_a_lock_end_before_the_unlock(backend: Backend) {
        let app = App::start(backend).await;
        let (admin, (user, _)) = (app.new_admin().await, crowded(&app).await);
        app.database.execute("UPDATE users SET status = 'locked' WHERE role = 'user'").await.unwrap();
        app.set_status(&admin, &user, "active").await;
        assert_eq!(counts(&app, &user, "user_locked").await, (0, MANY + 1));
        app.stop().await;
    }

    async fn a_deletion_ends_them_all(backend: Backend) {
        let app = App::start(backend).await;
        let (admin, (user, _)) = (app.new_admin().await, crowded(&app).await);
        app.delete(&admin, &user).await;
        assert_eq!(counts(&app, &user, "user_deleted").await, (0, MANY + 1));
        assert_eq!(app.events_of(&user).await.last().unwrap(), "svc.user.deleted.v1");

        let (user, login) = crowded(&app).await;
        let body = json!({ "password": PASSWORD });
        let path = "/api/v1/users/me";
        app.client.send(Method::DELETE, path, Some(&login.access), Some(&body)).await.expect(204);
        assert_eq!(counts(&app, &user, "user_deleted").await, (0, MANY + 1));
        app.stop().await;
    }
}
