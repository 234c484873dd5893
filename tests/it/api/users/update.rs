use std::time::Duration;

use serde_json::{Value, json};

use super::update;
use crate::support::{App, Backend, both_backends};

both_backends! {
    async fn everything_can_be_changed_at_once_and_each_change_has_an_event(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = app.register(&App::address()).await;
        app.clock.advance(Duration::from_mins(1));
        let body = json!({ "name": "Ada", "role": "admin", "status": "locked" });
        let answer = update(&app, &admin, &user, body.clone()).await;
        assert_eq!(answer.header("etag"), "\"2\"");
        let changed = answer.expect(200);
        for name in ["name", "role", "status"] {
            assert_eq!(changed[name], body[name]);
        }
        for name in ["id", "email", "email_verified", "created_at"] {
            assert_eq!(changed[name], user[name]);
        }
        assert_ne!(changed["updated_at"], user["updated_at"]);

        let by = admin.user_id();
        let expected = ["updated", "role_changed", "locked"].map(|what| format!("svc.user.{what}.v1 by {by}"));
        assert_eq!(app.history_of(&user).await[1..], expected);
        let last = app.last_event_of(&user).await;
        assert_eq!((&last["status"], &last["role"], &last["version"]), (&json!("locked"), &json!("admin"), &json!(2)));
        app.stop().await;
    }

    async fn a_new_role_holds_for_tokens_that_are_there_already(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let (user, login) = app.new_user().await;
        let list = async || app.client.get("/api/v1/users", Some(&login.access)).await;
        assert_eq!(list().await.rejection(), (403, "forbidden".to_owned()));
        update(&app, &admin, &user, json!({ "role": "admin" })).await.expect(200);
        assert_eq!(app.last_event_of(&user).await["from"], "user");
        list().await.expect(200);
        update(&app, &admin, &user, json!({ "role": "user" })).await.expect(200);
        assert_eq!(app.last_event_of(&user).await["from"], "admin");
        assert_eq!(list().await.rejection(), (403, "forbidden".to_owned()));
        app.stop().await;
    }

    async fn without_a_change_there_is_no_event_and_no_new_version(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = app.register(&App::address()).await;
        let before = app.history_of(&user).await;
        app.clock.advance(Duration::from_mins(1));
        let same = json!({ "name": null, "role": "user", "status": "active" });
        for body in [json!({}), same] {
            let answer = update(&app, &admin, &user, body.clone()).await;
            assert_eq!(answer.header("etag"), "\"1\"", "{body}");
            assert_eq!(answer.expect(200), user, "{body}");
        }
        assert_eq!(app.history_of(&user).await, before);
        app.stop().await;
    }

    async fn every_wrong_value_is_named_and_nothing_changes(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = app.register(&App::address()).await;
        let nulls = update(&app, &admin, &user, json!({ "role": null, "status": null })).await;
        assert_eq!(nulls.wrong_values(), ["/role wrong_type", "/status wrong_type"]);
        let body = json!({ "name": " ", "role": "root", "status": "Active", "email": "x@example.com" });
        let answer = update(&app, &admin, &user, body).await;
        assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()));
        let wrong = ["/name empty", "/role unknown_word", "/status unknown_word", "/email unknown"];
        assert_eq!(answer.wrong_values(), wrong);
        // A name can be removed; role and status cannot.
        let answer = update(&app, &admin, &user, json!({ "name": null, "role": null, "status": null })).await;
        assert_eq!(answer.wrong_values(), ["/role wrong_type", "/status wrong_type"]);
        // One valid value among invalid ones is not applied.
        let answer = update(&app, &admin, &user, json!({ "name": "Ada", "role": 7 })).await;
        assert_eq!(answer.wrong_values(), ["/role wrong_type"]);
        let after = app.client.get(&super::path(&user), Some(&admin.access)).await.expect(200);
        assert_eq!((&after, &after["name"]), (&user, &Value::Null));
        app.stop().await;
    }
}
