use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use svc::domain::MailPurpose;

use crate::support::faulty_store::{Fault, Faults, FaultyStore};
use crate::support::proxy::{Proxy, Way};
use crate::support::{App, Backend, both_backends, database};

const REQUESTED: &str = "svc.user.password_reset_requested.v1";
const NEW: &str = "another horse battery";

async fn requests(app: &App, user: &Value) -> usize {
    app.events_of(user).await.iter().filter(|event| *event == REQUESTED).count()
}

both_backends! {
    async fn the_answer_is_always_the_same_and_only_an_account_gets_a_mail(backend: Backend) {
        let app = App::start(backend).await;
        let user = app.register(&App::address()).await;
        let (known, unknown) = (user["email"].as_str().unwrap(), App::address());
        for email in [known, &unknown] {
            for _ in 0..2 {
                let answer = app.forgot(email).await;
                assert_eq!((answer.status, answer.bytes.len()), (202, 0), "{email}");
                assert_eq!(answer.header("cache-control"), "no-store");
            }
        }
        assert_eq!(requests(&app, &user).await, 1);
        let events = app.database.texts("SELECT type FROM outbox WHERE type LIKE '%reset%'").await;
        assert_eq!(events, [REQUESTED]);
        let data = app.last_event_of(&user).await;
        assert_eq!((&data["email"], &data["version"]), (&user["email"], &Value::from(1)));
        assert_eq!(data["expires_at"], "2026-05-28T20:56:40.000000Z");
        app.stop().await;
    }

    /// A client could measure every call of the store that waits for a connection or for the disk.
    async fn a_request_is_one_call_of_the_store_for_every_address(backend: Backend) {
        let faults = Faults::default();
        let plan = faults.clone();
        let app = App::start_with(backend, &["cache.url=off:"], |builder| {
            builder.around_store(|store| FaultyStore::around(store, plan))
        })
        .await;
        let user = app.register(&App::address()).await;
        let (known, unknown) = (user["email"].as_str().unwrap().to_owned(), App::address());
        for email in [known, unknown] {
            faults.after(0, Fault::Before);
            assert_eq!(app.ask_to_reset(&email).await.rejection(), (503, "unavailable".to_owned()));
            assert!(faults.was_met(), "{email}");
            faults.after(1, Fault::Before);
            app.ask_to_reset(&email).await.expect(202);
            assert!(!faults.was_met(), "{email}");
        }
        app.stop().await;
    }

    async fn an_older_token_is_void_once_there_is_a_newer_one(backend: Backend) {
        let app = App::start(backend).await;
        let user = app.register(&App::address()).await;
        let older = app.forgotten(&user).await;
        app.clock.advance(Duration::from_mins(1));
        let newer = app.forgotten(&user).await;
        assert_ne!(older, newer);
        app.reset(&older, NEW).await.expect_dead_token();
        app.reset(&newer, NEW).await.expect(204);
        app.stop().await;
    }

    async fn it_does_not_void_other_mails(backend: Backend) {
        let app = App::start(backend).await;
        let user = app.register(&App::address()).await;
        let reset = app.forgotten(&user).await;
        app.resend(user["email"].as_str().unwrap()).await.expect(202);
        app.verify(&app.mailed(&user, MailPurpose::VerifyEmail).await).await.expect(204);
        app.reset(&reset, NEW).await.expect(204);
        app.stop().await;
    }
}

/// Returns how many answers of PostgreSQL a request waits for, once its statements are prepared.
async fn answers_awaited(app: &App, proxy: &Proxy, email: &str) -> usize {
    let ask = async || {
        app.clock.advance(Duration::from_mins(1));
        app.ask_to_reset(email).await.status
    };
    for _ in 0..2 {
        assert_eq!(ask().await, 202);
    }
    // From many to few, because losing an answer breaks the connection.
    for answers in (0..50).rev() {
        proxy.cut(answers, Way::Answer);
        let status = ask().await;
        if proxy.was_cut() {
            return answers + 1;
        }
        assert_eq!(status, 202);
    }
    0
}

#[test]
fn a_request_is_one_statement_for_every_address() {
    database::run(Backend::Postgres, async |backend| {
        let database = Arc::new(backend.database().await);
        let proxy = Proxy::before(&database.url());
        let settings = ["cache.url=off:", "database.max_connections=1"];
        let app = App::start_bare_through(database, &proxy.url(), &settings).await;
        let user = app.register(&App::address()).await;
        let known = answers_awaited(&app, &proxy, user["email"].as_str().unwrap()).await;
        let unknown = answers_awaited(&app, &proxy, &App::address()).await;
        assert_eq!(known, unknown);
        // To record the request.
        assert_eq!(known, 1);
        app.stop().await;
    });
}
