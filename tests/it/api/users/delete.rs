use serde_json::json;

use super::delete;
use crate::support::app::PASSWORD;
use crate::support::{App, Backend, both_backends};

both_backends! {
    async fn a_deleted_user_is_gone_with_their_sessions(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let (user, login) = app.new_user().await;
        delete(&app, &admin, &user).await.expect(204);

        assert_eq!(delete(&app, &admin, &user).await.rejection(), (404, "not_found".to_owned()));
        for path in [super::path(&user), format!("{}/sessions", super::path(&user))] {
            let answer = app.client.get(&path, Some(&admin.access)).await;
            assert_eq!(answer.rejection(), (404, "not_found".to_owned()));
        }
        let answer = app.client.get("/api/v1/users/me", Some(&login.access)).await;
        assert_eq!(answer.rejection(), (401, "invalid_token".to_owned()));
        let answer = app.client.post("/api/v1/auth/refresh", &json!({ "refresh_token": login.refresh })).await;
        assert_eq!(answer.rejection(), (401, "invalid_token".to_owned()));
        let body = json!({ "email": user["email"], "password": PASSWORD });
        let answer = app.client.post("/api/v1/auth/login", &body).await;
        assert_eq!(answer.rejection(), (401, "invalid_credentials".to_owned()));

        let history = app.history_of(&user).await;
        assert_eq!(history.last(), Some(&format!("svc.user.deleted.v1 by {}", admin.user_id())));
        assert_eq!(app.last_event_of(&user).await, json!({ "email": user["email"], "version": 2 }));
        let again = app.register(user["email"].as_str().unwrap()).await;
        assert_ne!(again["id"], user["id"]);
        app.stop().await;
    }

    async fn concurrent_deletions_delete_a_user_once(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let replica = app.replica().await;
        for _ in 0..10 {
            let user = app.register(&App::address()).await;
            let (one, other) = tokio::join!(delete(&app, &admin, &user), delete(&replica, &admin, &user));
            let mut statuses = [one.status, other.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [204, 404]);
            assert_eq!(app.history_of(&user).await.len(), 2);
        }
        replica.stop().await;
        app.stop().await;
    }
}
