use std::sync::Arc;

use reqwest::Method;
use serde_json::json;

use crate::support::app::PASSWORD;
use crate::support::faulty_store::{Fault, Faults, FaultyStore};
use crate::support::hashers::Overloaded;
use crate::support::{App, Backend, both_backends};

both_backends! {
    async fn an_account_is_not_read_for_a_request_that_cannot_be_served(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        let faults = Faults::default();
        let given = faults.clone();
        let busy = app
            .replica_with(&[], |builder| {
                let builder = builder.hasher(Arc::new(Overloaded));
                builder.around_store(|store| FaultyStore::around(store, given))
            })
            .await;
        // So that it has read the keys.
        busy.client.get("/api/v1/users/me", Some(&login.access)).await.expect(200);
        for (method, path, body) in [
            (Method::POST, "password", json!({ "current_password": PASSWORD, "new_password": "another horse" })),
            (Method::POST, "email", json!({ "new_email": App::address(), "password": PASSWORD })),
            (Method::DELETE, "", json!({ "password": PASSWORD })),
        ] {
            // The session is read, and nothing after it.
            faults.after(1, Fault::Before);
            let path = format!("/api/v1/users/me/{path}");
            let path = path.trim_end_matches('/');
            let answer = busy.client.send(method, path, Some(&login.access), Some(&body)).await;
            assert_eq!(answer.rejection(), (503, "overloaded".to_owned()), "{path}");
            assert!(!faults.was_met(), "{path}: the account was read");
        }
        busy.stop().await;
        app.stop().await;
    }
}
