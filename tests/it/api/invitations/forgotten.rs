use std::time::Duration;

use serde_json::Value;

use super::{accept, invite, listed, token, try_log_in};
use crate::support::app::PASSWORD;
use crate::support::{App, Backend, both_backends};

both_backends! {
    async fn an_invited_user_may_ask_for_a_password_instead_and_that_ends_the_invitation(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = invite(&app, &admin).await;
        let (invitation, reset) = (token(&app, &user).await, app.forgotten(&user).await);
        app.reset(&reset, "another horse battery").await.expect(204);
        assert_eq!(listed(&app, &admin).await, [Value::Null; 0]);
        accept(&app, &invitation).await.expect_dead_token();
        assert_eq!(try_log_in(&app, &user, PASSWORD).await.status, 401);
        assert_eq!(try_log_in(&app, &user, "another horse battery").await.status, 200);
        app.stop().await;
    }

    async fn accepting_ends_a_reset_that_was_asked_for_before(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = invite(&app, &admin).await;
        let (invitation, reset) = (token(&app, &user).await, app.forgotten(&user).await);
        accept(&app, &invitation).await.expect(204);
        app.reset(&reset, "another horse battery").await.expect_dead_token();
        app.stop().await;
    }

    async fn after_its_end_an_invitation_cannot_be_replaced_by_a_reset(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = invite(&app, &admin).await;
        app.clock.advance(Duration::from_hours(72));
        let before = app.history_of(&user).await;
        app.forgot(user["email"].as_str().unwrap()).await.expect(202);
        assert_eq!(app.history_of(&user).await, before);
        app.stop().await;
    }

    async fn an_invited_user_gets_no_mail_that_asks_for_a_password(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = invite(&app, &admin).await;
        let before = app.history_of(&user).await;
        app.resend(user["email"].as_str().unwrap()).await.expect(202);
        assert_eq!(app.history_of(&user).await, before);
        app.stop().await;
    }

    async fn a_password_of_an_older_release_ends_the_invitation(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = invite(&app, &admin).await;
        let invitation = token(&app, &user).await;
        // An older release resets the password and leaves the row of the invitation.
        let sql = format!("UPDATE users SET password_hash = '$x' WHERE email = '{}'", user["email"].as_str().unwrap());
        app.database.execute(&sql).await.unwrap();
        assert_eq!(listed(&app, &admin).await, [Value::Null; 0]);
        accept(&app, &invitation).await.expect_dead_token();
        assert_eq!(super::resend(&app, &admin, &user).await.rejection(), (404, "not_found".to_owned()));
        assert_eq!(super::revoke(&app, &admin, &user).await.rejection(), (404, "not_found".to_owned()));
        app.stop().await;
    }
}
