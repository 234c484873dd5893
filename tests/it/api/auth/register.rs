use std::sync::Arc;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::PASSWORD;
use crate::support::client::Answer;
use crate::support::hashers::{Counting, Overloaded};
use crate::support::{App, Backend, both_backends};

/// Spellings of one address: case, sharp s, composed and combining letters, compatibility letters, A-label.
const VARIANTS: &[&str] = &[
    "straße.café@bücher.example",
    "STRASSE.CAFÉ@BÜCHER.EXAMPLE",
    "STRAẞE.Café@bücher.Example",
    " Strasse.Cafe\u{301}@bu\u{308}cher.example ",
    "ｓｔｒａｓｓｅ.ｃａｆé@ｂüｃｈｅｒ.ｅｘａｍｐｌｅ",
    "𝐬𝐭𝐫𝐚𝐬𝐬𝐞.𝐜𝐚𝐟é@xn--bcher-kva.example",
    "ﬆraſse.cafe\u{301}@BÜCHER。example\n",
    "ＳＴＲＡẞＥ.CAFE\u{301}@XN--BCHER-KVA.EXAMPLE",
];

async fn try_register(app: &App, body: &Value) -> Answer {
    app.client.post("/api/v1/auth/register", body).await
}

/// Returns the violations of a registration that was refused for them.
async fn wrong_values(app: &App, body: &Value) -> Vec<String> {
    let answer = try_register(app, body).await;
    assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()));
    answer.wrong_values()
}

both_backends! {
    async fn a_visitor_becomes_a_user(backend: Backend) {
        let app = App::start(backend).await;
        let body = json!({ "email": " Ada@Example.com", "password": PASSWORD, "name": "Ada" });
        let answer = try_register(&app, &body).await;
        let location = answer.header("location").to_owned();
        assert_eq!(answer.header("etag"), "\"1\"");
        let user = answer.expect(201);
        assert_eq!(user["email"], "Ada@Example.com");
        assert_eq!(user["name"], "Ada");
        assert_eq!((&user["role"], &user["status"]), (&json!("user"), &json!("active")));
        assert_eq!(user["email_verified"], false);
        assert_eq!(user["created_at"], user["updated_at"]);
        assert_eq!(location, format!("/api/v1/users/{}", user["id"].as_str().unwrap()));
        assert_eq!(app.events_of(&user).await, ["svc.user.registered.v1"]);
        assert!(app.database.texts("SELECT password_hash FROM users").await[0].starts_with("$argon2id$"));
        app.stop().await;
    }

    async fn a_name_may_be_absent_or_null(backend: Backend) {
        let app = App::start(backend).await;
        for body in [
            json!({ "email": App::address(), "password": PASSWORD }),
            json!({ "email": App::address(), "password": PASSWORD, "name": null }),
        ] {
            assert_eq!(try_register(&app, &body).await.expect(201)["name"], Value::Null);
        }
        app.stop().await;
    }

    async fn an_address_is_taken_once(backend: Backend) {
        let app = App::start(backend).await;
        let user = app.register("ada@example.com").await;
        let body = json!({ "email": "ADA@example.com", "password": "another long password" });
        assert_eq!(try_register(&app, &body).await.rejection(), (409, "email_taken".to_owned()));
        // The user who has the address keeps the password, and no other event was appended.
        app.log_in("ada@example.com").await;
        assert_eq!(app.try_log_in("ada@example.com", "another long password").await.status, 401);
        assert_eq!(app.events_of(&user).await, ["svc.user.registered.v1", "svc.session.started.v1"]);
        app.stop().await;
    }

    async fn a_weak_password_is_refused(backend: Backend) {
        let app = App::start(backend).await;
        for (password, code) in [
            ("", "too_short"),
            ("seven77", "too_short"),
            ("e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}", "too_short"),
            (&"long".repeat(65), "too_long"),
            ("password123", "common_password"),
            ("PassWord1", "common_password"),
            ("correct\0horse", "control_character"),
            ("ada.lovelace@example.com", "password_is_address"),
            ("ADA.Lovelace", "password_is_address"),
        ] {
            let body = json!({ "email": "Ada.Lovelace@example.com", "password": password });
            assert_eq!(wrong_values(&app, &body).await, [format!("/password {code}")], "{password:?}");
        }
        assert!(app.database.texts("SELECT email FROM users").await.is_empty());
        // At the limits of what is accepted.
        for password in ["eight888", &"é".repeat(256)] {
            let body = json!({ "email": App::address(), "password": password });
            try_register(&app, &body).await.expect(201);
        }
        app.stop().await;
    }

    async fn every_violation_is_reported_at_once(backend: Backend) {
        let app = App::start(backend).await;
        for (body, wrong) in [
            (json!({}), &["/email missing", "/password missing"][..]),
            (
                json!({ "email": "nonsense", "password": "short", "name": " ", "role": "admin", "a/b~c": 1 }),
                &[
                    "/email malformed",
                    "/password too_short",
                    "/name empty",
                    "/a~1b~0c unknown",
                    "/role unknown",
                ],
            ),
            (
                json!({ "email": 5, "password": ["x"], "name": true }),
                &["/email wrong_type", "/password wrong_type", "/name wrong_type"],
            ),
            (json!({ "email": null, "password": null }), &["/email wrong_type", "/password wrong_type"]),
            (json!([]), &[" wrong_type"]),
        ] {
            assert_eq!(wrong_values(&app, &body).await, wrong, "{body}");
        }
        app.stop().await;
    }

    /// A mail can be sent to each address that is accepted.
    async fn an_address_that_cannot_be_mailed_is_refused(backend: Backend) {
        let app = App::start(backend).await;
        for email in ["o\u{2019}neil@example.com", "\"ada\"@example.com", "ada@[127.0.0.1]", "a\u{FFFD}@b.cd"] {
            let body = json!({ "email": email, "password": PASSWORD });
            assert_eq!(wrong_values(&app, &body).await, ["/email malformed"], "{email}");
        }
        assert!(app.database.texts("SELECT email FROM users").await.is_empty());
        for email in ["o'neil@example.com", "हिन्दी@example.com"] {
            try_register(&app, &json!({ "email": email, "password": PASSWORD })).await.expect(201);
        }
        app.stop().await;
    }

    async fn a_language_is_that_of_the_body_or_of_the_browser(backend: Backend) {
        let app = App::start(backend).await;
        for (locale, accepted, wanted) in [
            (json!("de-at"), "", json!("de-AT")),
            (json!("fr"), "de", json!("fr")),
            (Value::Null, "de-CH, en;q=0.5", json!("de")),
            (Value::Null, "fr", Value::Null),
        ] {
            let body = json!({ "email": App::address(), "password": PASSWORD, "locale": locale });
            let request = app.client.request(Method::POST, "/api/v1/auth/register").json(&body);
            let user = app.client.answer(request.header("accept-language", accepted)).await.expect(201);
            assert_eq!(user["locale"], wanted, "{locale} {accepted}");
        }
        for locale in ["german", "de_AT", "", "x"] {
            let body = json!({ "email": App::address(), "password": PASSWORD, "locale": locale });
            assert_eq!(wrong_values(&app, &body).await, ["/locale malformed"], "{locale}");
        }
        app.stop().await;
    }

    async fn a_refused_registration_costs_no_hash(backend: Backend) {
        let hasher = Counting::new();
        let app = App::start_with_hasher(backend, hasher.clone()).await;
        wrong_values(&app, &json!({ "email": "ada@example.com", "password": "ada@example.com" })).await;
        wrong_values(&app, &json!({ "email": "nonsense", "password": PASSWORD })).await;
        assert_eq!(hasher.take(), 0);
        app.register("ada@example.com").await;
        assert_eq!(hasher.take(), 1);
        app.stop().await;
    }

    async fn too_many_at_once_are_asked_to_retry(backend: Backend) {
        let app = App::start_with_hasher(backend, Arc::new(Overloaded)).await;
        let answer = try_register(&app, &json!({ "email": App::address(), "password": PASSWORD })).await;
        assert_eq!(answer.rejection(), (503, "overloaded".to_owned()));
        assert_eq!(answer.header("retry-after"), "1");
        app.stop().await;
    }

    async fn of_two_hundred_registrations_of_one_address_one_succeeds(backend: Backend) {
        let app = App::start(backend).await;
        let bodies: Vec<Value> = (0..200)
            .map(|n| json!({ "email": VARIANTS[n % VARIANTS.len()], "password": PASSWORD }))
            .collect();
        let answers = join_all(bodies.iter().map(|body| try_register(&app, body))).await;
        let (winners, losers): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
        assert_eq!(winners.len(), 1);
        for loser in losers {
            assert_eq!(loser.rejection(), (409, "email_taken".to_owned()));
        }
        assert_eq!(app.database.texts("SELECT email FROM users").await, [winners[0].json()["email"].as_str().unwrap()]);
        let events = "SELECT type FROM outbox WHERE type LIKE 'svc.user.%'";
        assert_eq!(app.database.texts(events).await, ["svc.user.registered.v1"]);
        for variant in VARIANTS {
            app.log_in(variant).await;
        }
        app.stop().await;
    }
}
