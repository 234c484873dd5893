use serde_json::{Value, json};

use super::update;
use crate::support::app::PASSWORD;
use crate::support::client::Answer;
use crate::support::{App, Backend, both_backends};

async fn log_in(app: &App, user: &Value, password: &str) -> Answer {
    app.client.post("/api/v1/auth/login", &json!({ "email": user["email"], "password": password })).await
}

both_backends! {
    async fn a_locked_user_loses_access_at_once_and_permanently(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let (user, first) = app.new_user().await;
        let second = app.log_in(user["email"].as_str().unwrap()).await;
        let locked = update(&app, &admin, &user, json!({ "status": "locked" })).await.expect(200);
        assert_eq!(locked["status"], "locked");

        for login in [&first, &second] {
            let answer = app.client.get("/api/v1/users/me", Some(&login.access)).await;
            assert_eq!(answer.rejection(), (401, "session_revoked".to_owned()));
            let token = json!({ "refresh_token": login.refresh });
            let answer = app.client.post("/api/v1/auth/refresh", &token).await;
            assert_eq!(answer.rejection(), (401, "session_revoked".to_owned()));
        }
        assert_eq!(log_in(&app, &user, PASSWORD).await.rejection(), (403, "account_locked".to_owned()));
        assert_eq!(log_in(&app, &user, "wrong").await.rejection(), (401, "invalid_credentials".to_owned()));

        let by = admin.user_id();
        let revoked = format!("svc.session.revoked.v1 by {by}");
        let expected = [format!("svc.user.locked.v1 by {by}"), revoked.clone(), revoked];
        assert_eq!(app.history_of(&user).await[3..], expected);
        assert_eq!(app.last_event_of(&user).await["reason"], "user_locked");
        app.stop().await;
    }

    async fn an_unlocked_user_logs_in_again_and_old_sessions_stay_ended(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let (user, login) = app.new_user().await;
        update(&app, &admin, &user, json!({ "status": "locked" })).await.expect(200);
        let history = app.history_of(&user).await;
        update(&app, &admin, &user, json!({ "status": "locked" })).await.expect(200);
        assert_eq!(app.history_of(&user).await, history, "locked already");

        update(&app, &admin, &user, json!({ "status": "active" })).await.expect(200);
        let unlocked = format!("svc.user.unlocked.v1 by {}", admin.user_id());
        assert_eq!(app.history_of(&user).await.last(), Some(&unlocked));
        let answer = app.client.get("/api/v1/users/me", Some(&login.access)).await;
        assert_eq!(answer.rejection(), (401, "session_revoked".to_owned()));
        log_in(&app, &user, PASSWORD).await.expect(200);
        app.stop().await;
    }

    async fn locking_at_the_moment_of_a_log_in_leaves_no_session(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let replica = app.replica().await;
        for _ in 0..10 {
            let user = app.register(&App::address()).await;
            let body = json!({ "status": "locked" });
            let (locked, answer) = tokio::join!(update(&app, &admin, &user, body), log_in(&replica, &user, PASSWORD));
            locked.expect(200);
            if answer.status == 200 {
                let token = answer.json()["access_token"].as_str().unwrap().to_owned();
                let answer = app.client.get("/api/v1/users/me", Some(&token)).await;
                assert_eq!(answer.rejection(), (401, "session_revoked".to_owned()));
            } else {
                assert_eq!(answer.rejection(), (403, "account_locked".to_owned()));
            }
            let sessions = format!("{}/sessions", super::path(&user));
            let sessions = app.client.get(&sessions, Some(&admin.access)).await.expect(200);
            assert_eq!(sessions["items"], json!([]));
        }
        replica.stop().await;
        app.stop().await;
    }
}
