use reqwest::header::IF_MATCH;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::app::Login;
use crate::support::client::Answer;
use crate::support::{App, Backend, both_backends};

fn request(app: &App, admin: &Login, method: Method, user: &Value) -> RequestBuilder {
    let request = app.client.request(method, &super::path(user)).bearer_auth(&admin.access);
    request.json(&json!({ "name": "Ada" }))
}

async fn delete(app: &App, admin: &Login, user: &Value, tag: &str) -> Answer {
    app.client.answer(request(app, admin, Method::DELETE, user).header(IF_MATCH, tag)).await
}

/// Tags other than that of version 1. The last one is not ASCII.
const OTHERS: [&[u8]; 15] = [
    b"\"2\"",
    b"W/\"2\"",
    b"w/\"1\"",
    b"W/1",
    b"1",
    b"\"1",
    b"\"\"",
    b"",
    b"\"x\", \"2\"",
    b"\"99999999999999999999\"",
    b"\"+1\"",
    b"\"01\"",
    b"W/\"+1\"",
    b"\" 1\"",
    b"\"\xff\"",
];

both_backends! {
    async fn a_change_applies_to_the_version_of_its_precondition(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        for tags in [&["\"1\""][..], &["*"], &[" * "], &["\"7\" , \"1\",W/\"2\""], &["\"7\"", "\"1\""], &["W/\"1\""], &["W/\"2\", W/\"1\""]] {
            let user = app.register(&App::address()).await;
            let patch = request(&app, &admin, Method::PATCH, &user);
            let patch = tags.iter().fold(patch, |patch, tag| patch.header(IF_MATCH, *tag));
            let answer = app.client.answer(patch).await;
            assert_eq!((answer.status, answer.header("etag")), (200, "\"2\""), "{tags:?}");
        }
        app.stop().await;
    }

    async fn a_change_for_any_other_version_is_refused(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = app.register(&App::address()).await;
        let before = app.history_of(&user).await;
        for tag in OTHERS {
            for method in [Method::PATCH, Method::DELETE] {
                let request = request(&app, &admin, method.clone(), &user).header(IF_MATCH, tag);
                let rejection = app.client.answer(request).await.rejection();
                let shown = String::from_utf8_lossy(tag);
                assert_eq!(rejection, (412, "precondition_failed".to_owned()), "{method} {shown}");
            }
        }
        assert_eq!(app.client.get(&super::path(&user), Some(&admin.access)).await.expect(200), user);
        assert_eq!(app.history_of(&user).await, before);
        app.stop().await;
    }

    async fn a_user_is_deleted_in_the_version_of_the_precondition(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = app.register(&App::address()).await;
        super::update(&app, &admin, &user, json!({ "name": "Ada" })).await.expect(200);
        let answer = delete(&app, &admin, &user, "\"1\"").await;
        assert_eq!(answer.rejection(), (412, "precondition_failed".to_owned()));
        delete(&app, &admin, &user, "\"2\"").await.expect(204);
        assert_eq!(delete(&app, &admin, &user, "*").await.rejection(), (404, "not_found".to_owned()));
        app.stop().await;
    }

    async fn of_two_changes_to_one_version_one_succeeds(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let replica = app.replica().await;
        for _ in 0..10 {
            let user = app.register(&App::address()).await;
            let change = async |app: &App, name: &str| {
                let request = app.client.request(Method::PATCH, &super::path(&user)).bearer_auth(&admin.access);
                app.client.answer(request.header(IF_MATCH, "\"1\"").json(&json!({ "name": name }))).await
            };
            let (one, other) = tokio::join!(change(&app, "Ada"), change(&replica, "Bob"));
            let mut statuses = [one.status, other.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 412]);
            assert_eq!(app.last_event_of(&user).await["version"], 2);
        }
        replica.stop().await;
        app.stop().await;
    }
}
