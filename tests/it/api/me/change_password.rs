use serde_json::{Value, json};

use crate::support::app::{Login, PASSWORD};
use crate::support::client::Answer;
use crate::support::{App, Backend, both_backends};

const NEW: &str = "another horse battery";

async fn change(app: &App, login: &Login, body: Value) -> Answer {
    app.client
        .send(reqwest::Method::POST, "/api/v1/users/me/password", Some(&login.access), Some(&body))
        .await
}

async fn log_in(app: &App, user: &Value, password: &str) -> Answer {
    app.client.post("/api/v1/auth/login", &json!({ "email": user["email"], "password": password })).await
}

both_backends! {
    async fn the_new_password_opens_the_account_and_the_old_one_does_not(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let body = json!({ "current_password": PASSWORD, "new_password": NEW });
        assert_eq!(change(&app, &login, body.clone()).await.expect(204), Value::Null);
        assert_eq!(log_in(&app, &user, PASSWORD).await.rejection(), (401, "invalid_credentials".to_owned()));
        log_in(&app, &user, NEW).await.expect(200);
        assert_eq!(change(&app, &login, body).await.wrong_values(), ["/current_password wrong_password"]);

        let me = app.client.get("/api/v1/users/me", Some(&login.access)).await;
        assert_eq!(me.header("etag"), "\"2\"");
        let history = app.history_of(&user).await;
        let changes = history.iter().filter(|line| *line == "svc.user.password_changed.v1 by self");
        assert_eq!(changes.count(), 1);
        app.stop().await;
    }

    async fn every_session_except_the_current_one_ends(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let email = user["email"].as_str().unwrap();
        let others = [app.log_in(email).await, app.log_in(email).await];
        let (_, stranger) = app.new_user().await;
        change(&app, &login, json!({ "current_password": PASSWORD, "new_password": NEW })).await.expect(204);

        let refresh = async |login: &Login| {
            app.client.post("/api/v1/auth/refresh", &json!({ "refresh_token": login.refresh })).await
        };
        for other in &others {
            let answer = app.client.get("/api/v1/users/me", Some(&other.access)).await;
            assert_eq!(answer.rejection(), (401, "session_revoked".to_owned()));
            assert_eq!(refresh(other).await.rejection(), (401, "session_revoked".to_owned()));
        }
        app.client.get("/api/v1/users/me", Some(&login.access)).await.expect(200);
        refresh(&login).await.expect(200);
        refresh(&stranger).await.expect(200);

        let history = app.history_of(&user).await;
        let revoked = history.iter().filter(|line| *line == "svc.session.revoked.v1 by self").count();
        assert_eq!(revoked, 2, "{history:?}");
        let sql = "SELECT data ->> 'session_id' FROM outbox WHERE data ->> 'reason' = 'password_changed'";
        let mut revoked = app.database.texts(sql).await;
        revoked.sort();
        assert_eq!(revoked, others.map(|other| other.session_id()), "in the order of their ids");
        app.stop().await;
    }

    async fn a_wrong_current_password_changes_nothing(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let before = app.history_of(&user).await;
        let answer = change(&app, &login, json!({ "current_password": NEW, "new_password": NEW })).await;
        assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()));
        assert_eq!(answer.wrong_values(), ["/current_password wrong_password"]);
        log_in(&app, &user, PASSWORD).await.expect(200);
        assert_eq!(log_in(&app, &user, NEW).await.rejection(), (401, "invalid_credentials".to_owned()));
        let started = "svc.session.started.v1 by self".to_owned();
        assert_eq!(app.history_of(&user).await, [before, vec![started]].concat());
        app.stop().await;
    }

    async fn a_weak_new_password_is_refused(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let email = user["email"].as_str().unwrap();
        let (upper, long) = (email.to_uppercase(), "x".repeat(257));
        let weak = [
            ("hunter2", "too_short"),
            (&long, "too_long"),
            ("Password1", "common_password"),
            ("correct\u{0}horse", "control_character"),
            (&upper, "password_is_address"),
        ];
        for (weak, code) in weak {
            let body = json!({ "current_password": PASSWORD, "new_password": weak });
            let answer = change(&app, &login, body).await;
            assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()), "{weak:?}");
            assert_eq!(answer.wrong_values(), [format!("/new_password {code}")]);
            assert!(!String::from_utf8_lossy(&answer.bytes).contains(weak), "the password is repeated");
        }
        let both = change(&app, &login, json!({ "current_password": 7, "new_password": "short" })).await;
        assert_eq!(both.wrong_values(), ["/current_password wrong_type", "/new_password too_short"]);
        log_in(&app, &user, PASSWORD).await.expect(200);
        app.stop().await;
    }
}
