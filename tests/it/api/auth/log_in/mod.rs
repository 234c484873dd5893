//! Log in: successes and rejections here, outdated hashes (`outdated_hash`), and changes of the account
//! during a log-in (`concurrent_changes`).

mod concurrent_changes;
mod outdated_hash;

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::header::{DATE, HeaderMap};
use serde_json::{Value, json};
use svc::ports::Clock;
use uuid::Uuid;

use crate::support::app::{Login, PASSWORD};
use crate::support::client::{Answer, claims};
use crate::support::faulty_store::{Fault, Faults, FaultyStore};
use crate::support::hashers::{Counting, Overloaded};
use crate::support::{App, Backend, both_backends};

const WRONG: &str = "incorrect horse battery";

/// Returns the parts in which two rejections must not differ: everything except the request's id and the
/// time.
fn alike(answer: &Answer) -> (u16, HeaderMap, Value) {
    let (mut headers, mut body) = (answer.headers.clone(), answer.json());
    assert!(headers.remove("x-request-id").is_some());
    headers.remove(DATE);
    assert!(body.as_object_mut().unwrap().remove("request_id").is_some());
    (answer.status, headers, body)
}

both_backends! {
    async fn the_right_password_gets_a_pair_of_tokens(backend: Backend) {
        let app = App::start(backend).await;
        let user = app.register("ada@example.com").await;
        let answer = app.try_log_in(" ADA@Example.com ", PASSWORD).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        let pair = answer.expect(200);
        assert_eq!(pair["token_type"], "Bearer");
        assert_eq!(pair["expires_in"], 15 * 60);
        assert_eq!(pair["refresh_expires_in"], 30 * 24 * 3600);
        let login = Login::of(&pair);
        assert!(login.refresh.starts_with("svcr_"));
        assert_eq!(app.me(&login.access).await.expect(200)["id"], user["id"]);
        assert_eq!(app.events_of(&user).await, ["svc.user.registered.v1", "svc.session.started.v1"]);
        app.stop().await;
    }

    async fn the_access_token_follows_rfc_9068(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let (header, _) = login.access.split_once('.').unwrap();
        let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
        let keys = app.client.get("/.well-known/jwks.json", None).await.expect(200);
        assert_eq!(header, json!({ "typ": "at+jwt", "alg": "ES256", "kid": keys["keys"][0]["kid"] }));

        let now = app.clock.now().as_seconds();
        let mut said = claims(&login.access);
        let said = said.as_object_mut().unwrap();
        let mut take = |name: &str| said.remove(name).unwrap();
        for name in ["sid", "jti"] {
            assert!(take(name).as_str().unwrap().parse::<Uuid>().is_ok(), "{name}");
        }
        assert_eq!((take("iat"), take("nbf"), take("exp")), (json!(now), json!(now), json!(now + 900)));
        assert_eq!((take("iss"), take("aud")), (json!("http://svc.test"), json!("http://svc.test")));
        assert_eq!((take("sub"), take("role")), (user["id"].clone(), json!("user")));
        assert_eq!((take("roles"), take("client_id")), (json!(["user"]), json!("svc")));
        assert!(said.is_empty(), "{said:?}");
        app.stop().await;
    }

    async fn each_log_in_is_a_session_of_its_own(backend: Backend) {
        let app = App::start(backend).await;
        let (user, first) = app.new_user().await;
        let second = app.log_in(user["email"].as_str().unwrap()).await;
        assert_ne!(first.session_id(), second.session_id());
        assert_ne!(first.refresh, second.refresh);
        assert_eq!(app.live_sessions(&user).await, 2);
        app.stop().await;
    }

    async fn a_password_is_normalized_before_it_is_verified(backend: Backend) {
        let app = App::start(backend).await;
        let body = json!({ "email": "ada@example.com", "password": "cafe\u{301} cre\u{300}me" });
        app.client.post("/api/v1/auth/register", &body).await.expect(201);
        app.try_log_in("ada@example.com", "café crème").await.expect(200);
        assert_eq!(app.try_log_in("ada@example.com", "CAFÉ CRÈME").await.status, 401);
        app.stop().await;
    }

    async fn a_rejection_does_not_reveal_its_reason(backend: Backend) {
        let hasher = Counting::new();
        let app = App::start_with_hasher(backend, hasher.clone()).await;
        let admin = app.new_admin().await;
        app.register("active@example.com").await;
        let locked = app.register("locked@example.com").await;
        app.set_status(&admin, &locked, "locked").await;
        hasher.take();

        let unknown = app.try_log_in("unknown@example.com", WRONG).await;
        assert_eq!(unknown.rejection(), (401, "invalid_credentials".to_owned()));
        assert_eq!(unknown.header("www-authenticate"), "Bearer");
        assert_eq!(hasher.take(), 1);
        for email in ["active@example.com", "locked@example.com"] {
            let answer = app.try_log_in(email, WRONG).await;
            assert_eq!(alike(&answer), alike(&unknown), "{email}");
            assert_eq!(hasher.take(), 1, "{email}");
        }
        // Not even with a password that another user has, or that no user may have.
        for password in [PASSWORD, "", "\0", &"long".repeat(2_000)] {
            assert_eq!(alike(&app.try_log_in("unknown@example.com", password).await), alike(&unknown));
        }
        app.stop().await;
    }

    async fn only_the_right_password_reveals_that_a_user_is_locked(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let (user, login) = app.new_user().await;
        let email = user["email"].as_str().unwrap();
        app.set_status(&admin, &user, "locked").await;
        let answer = app.try_log_in(email, PASSWORD).await;
        assert_eq!(answer.rejection(), (403, "account_locked".to_owned()));
        assert_eq!(answer.header("www-authenticate"), "");
        app.expect_ended(&login).await;
        assert_eq!(app.live_sessions(&user).await, 0);

        app.set_status(&admin, &user, "active").await;
        app.log_in(email).await;
        // Sessions that the lock ended stay ended.
        app.expect_ended(&login).await;
        app.stop().await;
    }

    async fn wrong_input_is_named(backend: Backend) {
        let app = App::start(backend).await;
        let answer = app.client.post("/api/v1/auth/login", &json!({ "email": "nonsense", "code": 1 })).await;
        assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()));
        assert_eq!(answer.wrong_values(), ["/email malformed", "/password missing", "/code unknown"]);
        app.stop().await;
    }

    async fn too_many_at_once_are_asked_to_retry_and_cost_no_read(backend: Backend) {
        let faults = Faults::default();
        let app = App::start_with(backend, &[], |builder| {
            let faults = faults.clone();
            builder.hasher(Arc::new(Overloaded)).around_store(|store| FaultyStore::around(store, faults))
        })
        .await;
        faults.after(0, Fault::Before);
        let answer = app.try_log_in("unknown@example.com", PASSWORD).await;
        assert_eq!(answer.rejection(), (503, "overloaded".to_owned()));
        assert_eq!(answer.header("retry-after"), "1");
        assert!(!faults.was_met(), "the store was read for a request that could not be served");
        app.stop().await;
    }
}
