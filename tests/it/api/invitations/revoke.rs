use serde_json::{Value, json};

use super::{accept, invite, invite_with, listed, revoke, token, try_log_in};
use crate::support::app::PASSWORD;
use crate::support::{App, Backend, both_backends};

both_backends! {
    async fn a_revoked_invitation_is_refused_and_the_address_is_free(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = invite(&app, &admin).await;
        let invitation = token(&app, &user).await;
        revoke(&app, &admin, &user).await.expect(204);
        accept(&app, &invitation).await.expect_dead_token();
        assert_eq!(try_log_in(&app, &user, PASSWORD).await.status, 401);
        assert_eq!(listed(&app, &admin).await, [Value::Null; 0]);
        let path = format!("/api/v1/users/{}", user["id"].as_str().unwrap());
        assert_eq!(app.client.get(&path, Some(&admin.access)).await.status, 404);
        let history = app.history_of(&user).await;
        assert_eq!(*history.last().unwrap(), format!("svc.user.deleted.v1 by {}", admin.user_id()));
        // No other mail leads into the account either.
        app.forgot(user["email"].as_str().unwrap()).await.expect(202);
        assert_eq!(app.history_of(&user).await, history);
        assert_eq!(revoke(&app, &admin, &user).await.rejection(), (404, "not_found".to_owned()));

        let again = invite_with(&app, &admin, json!({ "email": user["email"], "invite": true })).await;
        assert_ne!(again["id"], user["id"]);
        accept(&app, &invitation).await.expect_dead_token();
        accept(&app, &token(&app, &again).await).await.expect(204);
        app.stop().await;
    }

    async fn an_accepted_invitation_cannot_be_revoked(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = invite(&app, &admin).await;
        accept(&app, &token(&app, &user).await).await.expect(204);
        assert_eq!(revoke(&app, &admin, &user).await.rejection(), (404, "not_found".to_owned()));
        app.log_in(user["email"].as_str().unwrap()).await;
        app.stop().await;
    }

    async fn an_invited_administrator_does_not_replace_the_last_one(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let body = json!({ "email": App::address(), "invite": true, "role": "admin" });
        let invited = invite_with(&app, &admin, body).await;
        let own = format!("/api/v1/users/{}", admin.user_id());
        let delete = async || app.client.send(reqwest::Method::DELETE, &own, Some(&admin.access), None).await;
        assert_eq!(delete().await.rejection(), (409, "last_admin".to_owned()));
        accept(&app, &token(&app, &invited).await).await.expect(204);
        delete().await.expect(204);
        app.stop().await;
    }
}
