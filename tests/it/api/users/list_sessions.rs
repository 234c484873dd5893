use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::{Login, PASSWORD};
use crate::support::{App, Backend, both_backends};

async fn sessions(app: &App, admin: &Login, user: &Value) -> Vec<Value> {
    let answer = app.client.get(&format!("{}/sessions", super::path(user)), Some(&admin.access)).await;
    answer.expect(200)["items"].as_array().unwrap().clone()
}

fn ids(sessions: &[Value]) -> Vec<&str> {
    sessions.iter().map(|session| session["id"].as_str().unwrap()).collect()
}

both_backends! {
    async fn an_administrator_sees_where_a_user_is_logged_in(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let (user, first) = app.new_user().await;
        app.clock.advance(Duration::from_secs(1));
        let body = json!({ "email": user["email"], "password": PASSWORD });
        let request = app.client.request(Method::POST, "/api/v1/auth/login").header("user-agent", "curl/8");
        let second = Login::of(&app.client.answer(request.json(&body)).await.expect(200));

        let shown = sessions(&app, &admin, &user).await;
        assert_eq!(ids(&shown), [second.session_id(), first.session_id()], "the newest first");
        assert_eq!(shown[0]["client_agent"], "curl/8");
        assert_eq!(shown[0]["client_address"], "127.0.0.1");
        assert!(shown.iter().all(|session| session["current"] == false && session["label"].is_null()));

        let own = sessions(&app, &admin, &super::account(&app, &admin).await).await;
        assert_eq!((own.len(), &own[0]["current"]), (1, &json!(true)));
        app.stop().await;
    }

    async fn a_session_that_ended_is_not_shown(backend: Backend) {
        let app = App::start(backend).await;
        let (user, first) = app.new_user().await;
        app.clock.advance(Duration::from_hours(29 * 24));
        let second = app.log_in(user["email"].as_str().unwrap()).await;
        let third = app.log_in(user["email"].as_str().unwrap()).await;
        let token = json!({ "refresh_token": third.refresh });
        app.client.post("/api/v1/auth/logout", &token).await.expect(204);
        let admin = app.new_admin().await;
        assert_eq!(ids(&sessions(&app, &admin, &user).await), [second.session_id(), first.session_id()]);
        // The first one has been idle for thirty days, and has expired.
        app.clock.advance(Duration::from_hours(24));
        let admin = Login::of(&app.client.post("/api/v1/auth/refresh", &json!({ "refresh_token": admin.refresh })).await.expect(200));
        assert_eq!(ids(&sessions(&app, &admin, &user).await), [second.session_id()]);

        let user_without_sessions = app.register(&App::address()).await;
        assert_eq!(sessions(&app, &admin, &user_without_sessions).await, [] as [Value; 0]);
        app.stop().await;
    }
}
