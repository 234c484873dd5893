use std::time::Duration;

use serde_json::json;

use super::{accept, invite, invite_with, listed, token};
use crate::support::{App, Backend, both_backends};

both_backends! {
    async fn pages_show_each_invitation_that_was_not_accepted(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        app.register(&App::address()).await;
        let body = json!({ "email": App::address(), "invite": true, "name": "Ada", "role": "admin" });
        let ada = invite_with(&app, &admin, body).await;
        app.clock.advance(Duration::from_hours(80));
        let admin = app.new_admin().await;
        let (accepted, eve) = (invite(&app, &admin).await, invite(&app, &admin).await);
        accept(&app, &token(&app, &accepted).await).await.expect(204);

        let all = listed(&app, &admin).await;
        let of = |member| all.iter().map(|item| item[member].clone()).collect::<Vec<_>>();
        assert_eq!(of("id"), [ada["id"].clone(), eve["id"].clone()], "also the expired one");
        assert_eq!(of("email"), [ada["email"].clone(), eve["email"].clone()]);
        assert_eq!((&all[0]["name"], &all[0]["role"]), (&json!("Ada"), &json!("admin")));
        assert_eq!(all[0]["sent_at"], ada["created_at"]);
        assert!(all[0]["expires_at"].as_str() < all[1]["sent_at"].as_str());

        let first = app.client.get("/api/v1/invitations?limit=1", Some(&admin.access)).await.expect(200);
        assert_eq!(first["items"], json!([all[0]]));
        let next = format!("/api/v1/invitations?limit=1&cursor={}", first["next_cursor"].as_str().unwrap());
        let second = app.client.get(&next, Some(&admin.access)).await.expect(200);
        assert_eq!((&second["items"], &second["next_cursor"]), (&json!([all[1]]), &json!(null)));
        app.stop().await;
    }

    async fn only_administrators_see_send_and_revoke_invitations(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let (_, login) = app.new_user().await;
        let user = invite(&app, &admin).await;
        let list = app.client.get("/api/v1/invitations", Some(&login.access)).await;
        let answers = [list, super::resend(&app, &login, &user).await, super::revoke(&app, &login, &user).await];
        for answer in answers {
            assert_eq!(answer.rejection(), (403, "forbidden".to_owned()));
        }
        app.stop().await;
    }
}
