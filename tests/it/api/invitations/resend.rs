use std::time::Duration;

use serde_json::json;

use super::{accept, invite, listed, resend, token};
use crate::support::{App, Backend, both_backends};

both_backends! {
    async fn a_new_mail_has_a_new_token_and_a_new_expiry(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = invite(&app, &admin).await;
        let (first, before) = (token(&app, &user).await, listed(&app, &admin).await);
        app.clock.advance(Duration::from_hours(80));
        let later = app.new_admin().await;
        let sent = resend(&app, &later, &user).await.expect(200);
        assert_eq!(listed(&app, &later).await, std::slice::from_ref(&sent));
        assert!(sent["expires_at"].as_str() > before[0]["expires_at"].as_str());
        let second = token(&app, &user).await;
        accept(&app, &first).await.expect_dead_token();
        accept(&app, &second).await.expect(204);
        let by = [&admin, &later].map(|admin| format!("svc.user.invited.v1 by {}", admin.user_id()));
        let mut history = app.history_of(&user).await;
        history.retain(|line| line.contains("invited"));
        assert_eq!(history, by);
        app.stop().await;
    }

    async fn a_user_who_is_not_invited_is_not_found(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let accepted = invite(&app, &admin).await;
        accept(&app, &token(&app, &accepted).await).await.expect(204);
        let registered = app.register(&App::address()).await;
        // Without a password, and without an invitation.
        let disowned = app.register(&App::address()).await;
        let verification = app.mailed(&disowned, svc::domain::MailPurpose::VerifyEmail).await;
        app.disown(&verification).await.expect(204);
        let unknown = json!({ "id": "019b7c2a-5b2c-7d4e-8f60-718293a4b5c6" });
        for user in [&accepted, &registered, &disowned, &unknown] {
            let answers = [resend(&app, &admin, user).await, super::revoke(&app, &admin, user).await];
            for answer in answers {
                assert_eq!(answer.rejection(), (404, "not_found".to_owned()), "{user}");
            }
        }
        app.stop().await;
    }
}
