//! Registration with `registration.reveal_existing = false`: the answer shows nothing about the address.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use svc::domain::{Actor, MailPurpose};
use svc::usecases::{AnsweredRegistration, Credential, NewUser};

use crate::support::app::PASSWORD;
use crate::support::client::Answer;
use crate::support::hashers::{Counting, Watched};
use crate::support::{App, Backend, both_backends, given};

const OTHER: &str = "another horse battery";
const HIDDEN: &[&str] = &["registration.reveal_existing=false"];

async fn start(backend: Backend) -> App {
    App::start_with(backend, HIDDEN, |builder| builder).await
}

async fn register(app: &App, email: &str, password: &str) -> Answer {
    app.client.post("/api/v1/auth/register", &json!({ "email": email, "password": password })).await
}

/// Creates a user with a verified address, as an operator does.
async fn known(app: &App) -> Value {
    let credential = Credential::Password(given::new_password(PASSWORD));
    let new = NewUser { email_verified: true, ..NewUser::new(given::email(&App::address())) };
    let user = app.container.use_cases.users.create.run(new, credential, Actor::Service).await.unwrap();
    json!({ "id": user.id.to_string(), "email": user.email.as_str() })
}

/// Returns the user with this address.
async fn find(app: &App, email: &str) -> Option<Value> {
    let account = app.container.store().users().find_account_by_email(&given::email(email)).await.unwrap();
    account.map(|found| json!({ "id": found.user.id.to_string(), "email": found.user.email.as_str() }))
}

/// Everything of an answer but the id of the request and the time.
fn shown(answer: &Answer) -> (u16, BTreeMap<String, String>, Vec<u8>) {
    let headers =
        answer.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let differs = |name: &str| ["x-request-id", "date"].contains(&name);
    (answer.status, headers.filter(|(name, _)| !differs(name)).collect(), answer.bytes.clone())
}

/// Everything of an answer to a log-in but the id of the request.
fn problem(answer: &Answer) -> (u16, Value) {
    let mut body = answer.json();
    body["request_id"] = Value::Null;
    (answer.status, body)
}

/// The rows of requests, without the digest and the address.
async fn rows(app: &App) -> Vec<String> {
    let sql = "SELECT CAST(requested_at AS text) || ' ' || coalesce(CAST(due_at AS text), 'answered') \
         || CASE WHEN coalesce(email, email_key, password_hash, name, locale, metadata, request_id, traceparent) \
         IS NULL THEN '' ELSE ' with data' END FROM registration_requests";
    app.database.texts(sql).await
}

async fn notices(app: &App, user: &Value) -> usize {
    let events = app.events_of(user).await;
    events.iter().filter(|name| *name == "svc.user.registration_repeated.v1").count()
}

both_backends! {
    async fn a_free_and_a_taken_address_have_the_same_answer_row_and_cost(backend: Backend) {
        let hasher = Counting::new();
        let app = App::start_with(backend, HIDDEN, |builder| builder.hasher(hasher.clone())).await;
        let (user, free) = (known(&app).await, App::address());
        let taken = user["email"].as_str().unwrap();
        hasher.take();
        let mut answers = Vec::new();
        for email in [taken, &free] {
            answers.push(register(&app, email, OTHER).await);
            assert_eq!(hasher.take(), 1, "{email}");
        }
        assert_eq!(shown(&answers[0]), shown(&answers[1]));
        assert_eq!((answers[0].status, &*answers[0].bytes), (202, &b""[..]));
        for header in ["location", "etag", "set-cookie"] {
            assert_eq!(answers[1].header(header), "", "{header}");
        }
        let recorded = rows(&app).await;
        assert_eq!((recorded.len(), &recorded[0]), (2, &recorded[1]));
        assert!(recorded[0].ends_with(" with data"), "{recorded:?}");
        assert!(find(&app, &free).await.is_none(), "the request does not create it");
        let stored = app.database.texts("SELECT password_hash FROM registration_requests").await;
        assert!(stored.iter().all(|hash| hash.starts_with("$argon2id$")), "{stored:?}");

        app.answer_registrations().await;
        let answered = rows(&app).await;
        assert_eq!((answered.len(), &answered[0]), (2, &answered[1]));
        assert!(answered[0].ends_with(" answered"), "{answered:?}");
        assert!(find(&app, &free).await.is_some());
        // What is wrong about the values themselves does not depend on an account.
        for email in [taken, &App::address()] {
            assert_eq!(register(&app, email, email).await.wrong_values(), ["/password password_is_address"]);
        }
        app.stop().await;
    }

    async fn the_account_has_what_was_asked_for_and_opens_once_its_address_is_verified(backend: Backend) {
        let app = start(backend).await;
        let body = json!({
            "email": "Ada@Example.com", "password": PASSWORD, "name": "Ada", "locale": "de",
            "metadata": { "theme": "dark" },
        });
        app.client.post("/api/v1/auth/register", &body).await.expect(202);
        app.answer_registrations().await;
        let user = find(&app, "ada@example.com").await.unwrap();
        assert_eq!(app.history_of(&user).await, ["svc.user.registered.v1 by self"]);
        // Before, the right password is as wrong as that of an address without an account: otherwise a
        // log-in would show that the address was free.
        let (right, unknown) =
            (app.try_log_in("ada@example.com", PASSWORD).await, app.try_log_in(&App::address(), PASSWORD).await);
        assert_eq!(right.rejection(), (401, "invalid_credentials".to_owned()));
        assert_eq!(problem(&right), problem(&unknown));
        let token = app.mailed(&user, MailPurpose::VerifyEmail).await;
        app.verify(&token).await.expect(204);
        let login = app.log_in("ada@example.com").await;
        let me = app.me(&login.access).await.expect(200);
        assert_eq!((&me["email"], &me["name"], &me["locale"]), (&json!("Ada@Example.com"), &json!("Ada"), &json!("de")));
        assert_eq!((&me["metadata"], &me["role"]), (&json!({ "theme": "dark" }), &json!("user")));
        app.stop().await;
    }

    /// With hashes of several costs, a log-in before and one after the registration would differ in time.
    async fn until_it_is_verified_an_account_costs_what_its_address_cost_before(backend: Backend) {
        let hasher = Watched::new();
        let app = App::start_with(backend, HIDDEN, |builder| builder.hasher(hasher.clone())).await;
        let email = App::address();
        register(&app, &email, PASSWORD).await.expect(202);
        app.answer_registrations().await;
        let user = find(&app, &email).await.unwrap();
        for password in [PASSWORD, OTHER] {
            app.try_log_in(&email, password).await.expect(401);
            assert_eq!((hasher.take().len(), hasher.stored()), (1, 0), "a decoy, not the stored hash");
        }
        let token = app.mailed(&user, MailPurpose::VerifyEmail).await;
        app.verify(&token).await.expect(204);
        let before = hasher.stored();
        app.log_in(&email).await;
        assert_eq!(hasher.stored(), before + 1);
        app.stop().await;
    }

    async fn the_owner_of_a_taken_address_gets_a_notice_an_hour_and_nothing_changes(backend: Backend) {
        let app = start(backend).await;
        let user = known(&app).await;
        let email = user["email"].as_str().unwrap();
        for (minutes, expected) in [(0, 1), (59, 1), (1, 2)] {
            app.clock.advance(Duration::from_mins(minutes));
            register(&app, email, OTHER).await.expect(202);
            app.answer_registrations().await;
            assert_eq!(notices(&app, &user).await, expected, "after {minutes} minutes");
        }
        assert_eq!(app.try_log_in(email, OTHER).await.rejection(), (401, "invalid_credentials".to_owned()));
        app.log_in(email).await;
        app.stop().await;
    }

    async fn the_first_of_several_requests_wins(backend: Backend) {
        let app = start(backend).await;
        let email = App::address();
        register(&app, &email, PASSWORD).await.expect(202);
        register(&app, &email.to_uppercase(), OTHER).await.expect(202);
        app.answer_registrations().await;
        register(&app, &email, OTHER).await.expect(202);
        app.answer_registrations().await;
        let user = find(&app, &email).await.unwrap();
        let history = ["svc.user.registered.v1 by self", "svc.user.registration_repeated.v1 by service"];
        assert_eq!(app.history_of(&user).await, history);
        let token = app.mailed(&user, MailPurpose::VerifyEmail).await;
        assert_eq!(app.verify_with(&token, OTHER).await.wrong_values(), ["/password wrong_password"]);
        app.verify(&token).await.expect(204);
        app.log_in(&email).await;
        assert_eq!(app.try_log_in(&email, OTHER).await.status, 401);
        app.stop().await;
    }

    async fn of_many_at_once_there_is_one_account(backend: Backend) {
        let app = start(backend).await;
        let email = App::address();
        let answers = join_all((0..50).map(|_| register(&app, &email, PASSWORD))).await;
        assert!(answers.iter().all(|answer| answer.status == 202));
        let claimed = app.claim_registrations().await;
        assert_eq!(claimed.len(), 1);
        // Its answer, by two workers, of which one thawed, and an operator who creates the same account.
        let cases = &app.container.use_cases;
        let credential = Credential::Password(given::new_password(OTHER));
        let new = NewUser::new(given::email(&email));
        let (one, two, created) = tokio::join!(
            cases.auth.answer_registration.run(&claimed[0]),
            cases.auth.answer_registration.run(&claimed[0]),
            cases.users.create.run(new, credential, Actor::Service),
        );
        assert_eq!((one, two), (Ok(AnsweredRegistration::Answered), Ok(AnsweredRegistration::Answered)));
        let user = find(&app, &email).await.unwrap();
        let own = app.history_of(&user).await;
        match created {
            Ok(_) => assert_eq!(own, ["svc.user.registered.v1 by service", "svc.user.registration_repeated.v1 by service"]),
            Err(_) => assert_eq!(own, ["svc.user.registered.v1 by self"]),
        }
        assert_eq!(app.database.texts("SELECT email FROM users").await, [email]);
        app.stop().await;
    }

    async fn a_request_that_waited_for_a_day_is_dropped_and_may_be_made_again(backend: Backend) {
        let app = start(backend).await;
        let email = App::address();
        register(&app, &email, PASSWORD).await.expect(202);
        app.clock.advance(Duration::from_hours(24));
        let claimed = app.claim_registrations().await;
        let answer = app.container.use_cases.auth.answer_registration.run(&claimed[0]).await;
        assert_eq!(answer, Ok(AnsweredRegistration::Expired));
        assert!(find(&app, &email).await.is_none());
        assert!(rows(&app).await[0].ends_with(" answered"));
        register(&app, &email, OTHER).await.expect(202);
        app.clock.advance(Duration::from_hours(24));
        // It replaces the expired one, which no worker has looked at.
        register(&app, &email, PASSWORD).await.expect(202);
        app.answer_registrations().await;
        let user = find(&app, &email).await.unwrap();
        app.verify(&app.mailed(&user, MailPurpose::VerifyEmail).await).await.expect(204);
        app.stop().await;
    }

    async fn an_address_that_became_free_can_be_registered_at_once(backend: Backend) {
        let app = start(backend).await;
        let email = App::address();
        for _ in 0..2 {
            register(&app, &email, PASSWORD).await.expect(202);
            app.answer_registrations().await;
            let user = find(&app, &email).await.unwrap();
            app.verify(&app.mailed(&user, MailPurpose::VerifyEmail).await).await.expect(204);
            let login = app.log_in(&email).await;
            let body = json!({ "password": PASSWORD });
            let path = "/api/v1/users/me/delete";
            app.client.send(reqwest::Method::POST, path, Some(&login.access), Some(&body)).await.expect(204);
        }
        app.stop().await;
    }

    async fn an_owner_takes_over_what_a_stranger_registered(backend: Backend) {
        let app = start(backend).await;
        let email = App::address();
        // The stranger knows the password of the account, and the owner registers afterwards.
        register(&app, &email, PASSWORD).await.expect(202);
        app.answer_registrations().await;
        register(&app, &email, OTHER).await.expect(202);
        app.answer_registrations().await;
        let user = find(&app, &email).await.unwrap();
        assert_eq!(notices(&app, &user).await, 1);
        assert_eq!(app.try_log_in(&email, PASSWORD).await.status, 401);
        app.reset(&app.forgotten(&user).await, OTHER).await.expect(204);
        assert_eq!(app.try_log_in(&email, OTHER).await.status, 200);
        assert_eq!(app.try_log_in(&email, PASSWORD).await.status, 401);
        app.stop().await;
    }

    async fn a_closed_registration_answers_as_before_and_lets_unverified_users_in(backend: Backend) {
        for mode in ["invite", "closed"] {
            let settings = ["registration.reveal_existing=false", &format!("registration.mode={mode}")];
            let app = App::start_with(backend, &settings, |builder| builder).await;
            // Unverified: a stranger cannot have registered it.
            let admin = app.new_admin().await;
            let taken = app.me(&admin.access).await.expect(200)["email"].as_str().unwrap().to_owned();
            let answers = [register(&app, &taken, PASSWORD).await, register(&app, &App::address(), PASSWORD).await];
            assert_eq!(answers[0].rejection(), (403, "registration_closed".to_owned()));
            assert_eq!(problem(&answers[0]), problem(&answers[1]));
            assert_eq!(rows(&app).await, [""; 0]);
            app.stop().await;
        }
    }

    async fn administrators_still_see_that_an_address_is_taken(backend: Backend) {
        let app = start(backend).await;
        let user = known(&app).await;
        let credential = Credential::Password(given::new_password(PASSWORD));
        let new = NewUser {
            email_verified: true,
            role: svc::domain::Role::Admin,
            ..NewUser::new(given::email("admin@example.com"))
        };
        app.container.use_cases.users.create.run(new, credential, Actor::Service).await.unwrap();
        let admin = app.log_in("admin@example.com").await;
        let body = json!({ "email": user["email"], "password": PASSWORD });
        let answer = app.client.send(reqwest::Method::POST, "/api/v1/users", Some(&admin.access), Some(&body)).await;
        assert_eq!(answer.rejection(), (409, "email_taken".to_owned()));
        app.stop().await;
    }
}
