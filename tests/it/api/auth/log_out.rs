use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use serde_json::json;

use crate::support::{App, Backend, both_backends};

/// One session, ended once.
const EVENTS: &[&str] = &["svc.user.registered.v1", "svc.session.started.v1", "svc.session.revoked.v1"];

both_backends! {
    async fn it_ends_the_session_and_no_other(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        app.log_out(&login.refresh).await.expect(204);
        app.expect_ended(&login).await;
        assert_eq!(app.events_of(&user).await, EVENTS);

        let again = app.log_in(user["email"].as_str().unwrap()).await;
        let elsewhere = app.log_in(user["email"].as_str().unwrap()).await;
        app.log_out(&again.refresh).await.expect(204);
        app.refreshed(&elsewhere).await;
        app.stop().await;
    }

    async fn doing_it_again_changes_nothing(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let answers = join_all((0..20).map(|_| app.log_out(&login.refresh))).await;
        assert!(answers.iter().all(|answer| answer.status == 204));
        let app = app.restart().await;
        app.log_out(&login.refresh).await.expect(204);
        assert_eq!(app.events_of(&user).await, EVENTS);
        app.stop().await;
    }

    async fn any_token_of_the_session_ends_it(backend: Backend) {
        let app = App::start(backend).await;
        let (user, first) = app.new_user().await;
        let newest = app.refreshed(&app.refreshed(&first).await).await;
        app.log_out(&first.refresh).await.expect(204);
        app.expect_ended(&newest).await;
        // It was not treated as a theft.
        assert_eq!(app.events_of(&user).await, EVENTS);
        app.stop().await;
    }

    async fn an_ended_session_can_be_ended_again(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let (user, login) = app.new_user().await;
        app.delete(&admin, &user).await;
        app.log_out(&login.refresh).await.expect(204);
        app.stop().await;
    }

    async fn an_invalid_token_ends_nothing(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        let mut bytes = URL_SAFE_NO_PAD.decode(&login.refresh["svcr_".len()..]).unwrap();
        bytes[51] ^= 1;
        let forged = format!("svcr_{}", URL_SAFE_NO_PAD.encode(bytes));
        for token in ["", "svcr_", "garbage", &forged, &login.refresh[..95], &login.access] {
            let answer = app.log_out(token).await;
            assert_eq!(answer.rejection(), (401, "invalid_token".to_owned()), "{token}");
        }
        app.refreshed(&login).await;

        let answer = app.client.post("/api/v1/auth/logout", &json!({ "token": "" })).await;
        assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()));
        assert_eq!(answer.wrong_values(), ["/refresh_token missing", "/token unknown"]);
        app.stop().await;
    }
}
