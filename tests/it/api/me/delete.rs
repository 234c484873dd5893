use futures_util::future::join;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::{Login, PASSWORD};
use crate::support::client::Answer;
use crate::support::hashers::Gated;
use crate::support::{App, Backend, both_backends};

async fn delete(app: &App, login: &Login, password: &str) -> Answer {
    let body = json!({ "password": password });
    app.client.send(Method::DELETE, "/api/v1/users/me", Some(&login.access), Some(&body)).await
}

both_backends! {
    async fn an_account_is_deleted_with_everything_that_opened_it(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let email = user["email"].as_str().unwrap();
        let other = app.log_in(email).await;
        assert_eq!(delete(&app, &login, PASSWORD).await.expect(204), Value::Null);

        for gone in [&login, &other] {
            let answer = app.client.get("/api/v1/users/me", Some(&gone.access)).await;
            assert_eq!(answer.rejection(), (401, "invalid_token".to_owned()));
            let answer = app.client.post("/api/v1/auth/refresh", &json!({ "refresh_token": gone.refresh })).await;
            assert_eq!(answer.rejection(), (401, "invalid_token".to_owned()));
        }
        assert_eq!(delete(&app, &login, PASSWORD).await.rejection(), (401, "invalid_token".to_owned()));
        let answer = app.client.post("/api/v1/auth/login", &json!({ "email": email, "password": PASSWORD })).await;
        assert_eq!(answer.rejection(), (401, "invalid_credentials".to_owned()));

        let history = app.history_of(&user).await;
        assert_eq!(history.last().unwrap(), "svc.user.deleted.v1 by self");
        assert_eq!(history.iter().filter(|line| line.contains("deleted")).count(), 1);
        assert_eq!(app.last_event_of(&user).await, json!({ "email": email, "version": 2 }));
        app.stop().await;
    }

    async fn a_client_that_sends_no_body_with_delete_posts(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let post = async |password: &str| {
            let body = json!({ "password": password });
            app.client.send(Method::POST, "/api/v1/users/me/delete", Some(&login.access), Some(&body)).await
        };
        assert_eq!(post("wrong").await.wrong_values(), ["/password wrong_password"]);
        app.client.get("/api/v1/users/me", Some(&login.access)).await.expect(200);
        assert_eq!(post(PASSWORD).await.expect(204), Value::Null);
        assert_eq!(app.history_of(&user).await.last().unwrap(), "svc.user.deleted.v1 by self");
        assert_eq!(post(PASSWORD).await.rejection(), (401, "invalid_token".to_owned()));
        app.stop().await;
    }

    async fn the_address_of_a_deleted_account_is_free_again(backend: Backend) {
        let app = App::start(backend).await;
        let (before, login) = app.new_user().await;
        let email = before["email"].as_str().unwrap();
        delete(&app, &login, PASSWORD).await.expect(204);
        let after = app.register(email).await;
        assert_ne!(before["id"], after["id"]);
        let fresh = app.log_in(email).await;
        assert_eq!(app.client.get("/api/v1/users/me", Some(&fresh.access)).await.expect(200), after);
        // The previous user of the address cannot access the new account.
        let answer = app.client.get("/api/v1/users/me", Some(&login.access)).await;
        assert_eq!(answer.rejection(), (401, "invalid_token".to_owned()));
        app.stop().await;
    }

    // As when a first deletion commits after its client has tried again.
    async fn the_password_of_an_account_that_was_deleted_is_not_called_wrong(backend: Backend) {
        let hasher = Gated::new();
        let app = App::start_with_hasher(backend, hasher.clone()).await;
        for (method, path, body) in [
            (Method::DELETE, "", json!({ "password": PASSWORD })),
            (Method::POST, "/password", json!({ "current_password": PASSWORD, "new_password": "another long one" })),
            (Method::POST, "/email", json!({ "password": PASSWORD, "new_email": "eve@example.com" })),
        ] {
            let (user, login) = app.new_user().await;
            let id = user["id"].as_str().unwrap().replace('-', "");
            let gone = match backend {
                Backend::Sqlite => format!("DELETE FROM users WHERE hex(id) = upper('{id}')"),
                Backend::Postgres => format!("DELETE FROM users WHERE id = '{id}'"),
            };
            let path = format!("/api/v1/users/me{path}");
            let held = hasher.hold_next();
            let request = app.client.send(method, &path, Some(&login.access), Some(&body));
            let deleted = held.during(async { app.database.execute(&gone).await.unwrap() });
            let answer = join(request, deleted).await.0;
            assert_eq!(answer.rejection(), (401, "invalid_token".to_owned()), "{path}");
        }
        app.stop().await;
    }

    async fn a_wrong_password_deletes_nothing(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        for wrong in ["", "correct horse batter", "CORRECT HORSE BATTERY", "correct horse battery\0"] {
            let answer = delete(&app, &login, wrong).await;
            // The token is valid: a client must not discard it.
            assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()), "{wrong:?}");
            assert_eq!(answer.wrong_values(), ["/password wrong_password"]);
        }
        assert_eq!(app.client.get("/api/v1/users/me", Some(&login.access)).await.expect(200), user);
        assert!(!app.history_of(&user).await.iter().any(|line| line.contains("deleted")));
        app.stop().await;
    }

    async fn the_last_active_administrator_stays(backend: Backend) {
        let app = App::start(backend).await;
        let first = app.new_admin().await;
        assert_eq!(delete(&app, &first, PASSWORD).await.rejection(), (409, "last_admin".to_owned()));
        // Only a client that knows the password learns which account it is.
        assert_eq!(delete(&app, &first, "wrong").await.wrong_values(), ["/password wrong_password"]);
        app.client.get("/api/v1/users/me", Some(&first.access)).await.expect(200);

        let second = app.new_admin().await;
        delete(&app, &first, PASSWORD).await.expect(204);
        assert_eq!(delete(&app, &second, PASSWORD).await.rejection(), (409, "last_admin".to_owned()));
        app.stop().await;
    }
}
