use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::Login;
use crate::support::client::Answer;
use crate::support::{App, Backend, both_backends};

async fn revoke_sessions(app: &App, admin: &Login, user: &Value) -> Answer {
    let path = format!("{}/sessions", super::path(user));
    app.client.send(Method::DELETE, &path, Some(&admin.access), None).await
}

both_backends! {
    async fn every_session_of_the_user_ends_and_no_other(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let (user, first) = app.new_user().await;
        let second = app.log_in(user["email"].as_str().unwrap()).await;
        let (_, stranger) = app.new_user().await;
        revoke_sessions(&app, &admin, &user).await.expect(204);
        for login in [&first, &second] {
            let answer = app.client.get("/api/v1/users/me", Some(&login.access)).await;
            assert_eq!(answer.rejection(), (401, "session_revoked".to_owned()));
            let token = json!({ "refresh_token": login.refresh });
            let answer = app.client.post("/api/v1/auth/refresh", &token).await;
            assert_eq!(answer.rejection(), (401, "session_revoked".to_owned()));
        }
        app.client.get("/api/v1/users/me", Some(&stranger.access)).await.expect(200);

        let history = app.history_of(&user).await;
        let revoked = format!("svc.session.revoked.v1 by {}", admin.user_id());
        assert_eq!(history[3..], [revoked.clone(), revoked]);
        assert_eq!(app.last_event_of(&user).await["reason"], "ended_by_admin");

        // There is no session left to end, and that is not an error. The user may log in again.
        revoke_sessions(&app, &admin, &user).await.expect(204);
        assert_eq!(app.history_of(&user).await, history);
        app.log_in(user["email"].as_str().unwrap()).await;
        app.stop().await;
    }

    async fn an_administrator_can_end_their_own(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let own = super::account(&app, &admin).await;
        revoke_sessions(&app, &admin, &own).await.expect(204);
        let answer = revoke_sessions(&app, &admin, &own).await;
        assert_eq!(answer.rejection(), (401, "session_revoked".to_owned()));
        app.stop().await;
    }
}
