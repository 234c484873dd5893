use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::client::Answer;
use crate::support::{App, Backend, both_backends};

/// Both return the same answer.
const READY: [&str; 2] = ["/health/ready", "/health"];

async fn live(app: &App) -> Value {
    app.client.get("/health/live", None).await.expect(200)
}

/// Returns why it is not ready.
#[track_caller]
fn detail(answer: &Answer) -> String {
    assert_eq!(answer.rejection(), (503, "unavailable".to_owned()));
    assert_eq!(answer.header("retry-after"), "1");
    answer.json()["detail"].as_str().unwrap().to_owned()
}

both_backends! {
    async fn a_working_service_is_ready(backend: Backend) {
        let app = App::start(backend).await.cached().await;
        assert_eq!(live(&app).await, json!({ "status": "ok", "checks": [] }));
        let up = |name: &str| json!({ "name": name, "state": "up" });
        let mut checks = vec![up("database"), up("signing_keys")];
        checks.extend(app.namespace.as_ref().map(|_| up("cache")));
        let ready = json!({ "status": "ok", "checks": checks });
        for path in READY {
            let answer = app.client.get(path, None).await;
            assert_eq!(answer.header("cache-control"), "no-store");
            assert_eq!(answer.expect(200), ready);
        }
        app.stop().await;
    }

    async fn a_service_that_stops_is_not_ready_and_still_serves(backend: Backend) {
        let app = App::start(backend).await.cached().await;
        let (user, login) = app.new_user().await;
        let asks = async {
            for path in READY {
                assert_eq!(detail(&app.client.get(path, None).await), "The process is stopping.");
            }
            live(&app).await;
            assert_eq!(app.client.get("/api/v1/users/me", Some(&login.access)).await.expect(200), user);
        };
        tokio::select! {
            biased;
            () = app.shutdown.begin(Duration::from_hours(1)) => unreachable!("it drains for an hour"),
            () = asks => {}
        }
        app.stop().await;
    }

    async fn a_schema_that_is_not_up_to_date_is_not_ready(backend: Backend) {
        let database = Arc::new(backend.own_database().await);
        let url = database.url();
        let app = App::start_through(database, &url, &[]).await.cached().await;
        app.database.execute("DELETE FROM _sqlx_migrations WHERE version = 4").await.unwrap();
        for path in READY {
            assert_eq!(detail(&app.client.get(path, None).await), "Not ready. database: migrations_pending.");
        }
        live(&app).await;
        app.stop().await;
    }

    async fn a_service_without_its_database_is_alive_and_not_ready(backend: Backend) {
        let app = App::start(backend).await.cached().await;
        let (user, login) = app.new_user().await;
        // This closes the connection to Redis too.
        app.container.close().await;
        let cache = if app.namespace.is_some() { ", cache: down" } else { "" };
        let down = format!("Not ready. database: down{cache}.");
        for path in READY {
            assert_eq!(detail(&app.client.get(path, None).await), down);
        }
        live(&app).await;
        // The client is asked to retry, and learns nothing about the database.
        let answer = app.client.get("/api/v1/users/me", Some(&login.access)).await;
        assert_eq!(answer.header("retry-after"), "1");
        assert_eq!(detail(&answer), "The request could not be completed now. Try again in a moment.");
        let body = json!({ "email": user["email"], "password": "correct horse battery" });
        assert_eq!(app.client.post("/api/v1/auth/login", &body).await.rejection(), (503, "unavailable".to_owned()));
        app.stop().await;
    }

    async fn a_service_that_cannot_sign_is_not_ready(backend: Backend) {
        let app = App::start(backend).await.cached().await;
        app.database.execute("DELETE FROM signing_keys").await.unwrap();
        let answer = app.client.get("/health/ready", None).await;
        assert_eq!(answer.rejection(), (503, "unavailable".to_owned()));
        assert_eq!(answer.json()["detail"], "Not ready. signing_keys: down.");
        assert_eq!(app.client.get("/health/live", None).await.expect(200)["status"], "ok");
    }
}
