use futures_util::future::join_all;
use reqwest::Method;
use uuid::Uuid;

use crate::support::app::Login;
use crate::support::client::Answer;
use crate::support::{App, Backend, both_backends};

async fn end(app: &App, login: &Login, id: &str) -> Answer {
    app.client.send(Method::DELETE, &format!("/api/v1/auth/sessions/{id}"), Some(&login.access), None).await
}

both_backends! {
    async fn another_device_is_logged_out_at_once(backend: Backend) {
        let app = App::start(backend).await;
        let replica = app.replica().await;
        let (user, here) = app.new_user().await;
        let lost = replica.log_in(user["email"].as_str().unwrap()).await;
        end(&app, &here, &lost.session_id()).await.expect(204);
        app.expect_ended(&lost).await;
        replica.expect_ended(&lost).await;
        app.me(&here.access).await.expect(200);
        assert_eq!(app.events_of(&user).await[3..], ["svc.session.revoked.v1"]);
        replica.stop().await;
        app.stop().await;
    }

    async fn the_current_session_can_be_ended(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        end(&app, &login, &login.session_id()).await.expect(204);
        app.expect_ended(&login).await;
        assert_eq!(end(&app, &login, &login.session_id()).await.rejection().1, "session_revoked");
        app.stop().await;
    }

    async fn doing_it_again_changes_nothing(backend: Backend) {
        let app = App::start(backend).await;
        let (user, here) = app.new_user().await;
        let lost = app.log_in(user["email"].as_str().unwrap()).await.session_id();
        for answer in join_all((0..10).map(|_| end(&app, &here, &lost))).await {
            answer.expect(204);
        }
        assert_eq!(app.events_of(&user).await[3..], ["svc.session.revoked.v1"]);
        app.stop().await;
    }

    async fn a_session_of_another_user_is_not_found(backend: Backend) {
        let app = App::start(backend).await;
        let (_, ada) = app.new_user().await;
        let (_, eve) = app.new_user().await;
        let admin = app.new_admin().await;
        for login in [&eve, &admin] {
            let answer = end(&app, login, &ada.session_id()).await;
            assert_eq!(answer.rejection(), (404, "not_found".to_owned()));
        }
        app.refreshed(&ada).await;
        app.stop().await;
    }

    async fn an_invalid_session_id_is_not_found(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let unknown = Uuid::from_u128(7).to_string();
        for id in [&unknown, user["id"].as_str().unwrap(), "7", "me", "%00", "%F0%9F%92%A5", &"a".repeat(900)] {
            assert_eq!(end(&app, &login, id).await.rejection(), (404, "not_found".to_owned()), "{id}");
        }
        app.me(&login.access).await.expect(200);
        app.stop().await;
    }
}
