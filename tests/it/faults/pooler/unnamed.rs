use std::time::Duration;

use secrecy::SecretString;
use sqlx::{PgConnection, Row};
use svc::adapters::sqlx::{PoolOptions, SqlxStore};
use svc::ports::store::{Store as _, StoreError, Unusable};

use super::{Pooled, run};
use crate::support::pgbouncer::Mode;
use crate::support::process::{Installation, until, within};
use crate::support::proxy::{Proxy, Way};
use crate::support::{App, database, given};

const CURE: &str = "database.pooler = \"transaction\"";

#[test]
fn every_command_refuses_to_run_and_leaves_nothing_behind() {
    for mode in [Mode::Transaction, Mode::Statement] {
        run(mode, 5, |pooled| async move {
            let url = pooled.bouncer.url();
            let installation = Installation::default().patient().set("SVC_DATABASE__URL", &url);
            for arguments in [
                &["migrate"][..],
                &["migrate", "status"],
                &["serve", "--set", "server.listen=127.0.0.1:0"],
                &["serve", "--wait", "60", "--set", "server.listen=127.0.0.1:0"],
                &["consume"],
                &["create-user", "--email", "ada@example.com", "--generate-password"],
            ] {
                installation.run(arguments).refused(78, &["database.url: postgres://", CURE]);
            }
            // A lock of a migration, or a limit, that another client of the pooler would meet.
            let locks = "SELECT mode FROM pg_locks WHERE locktype = 'advisory' \
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
            assert_eq!(pooled.database.texts(locks).await, [""; 0]);
            let mut other = pooled.bouncer.connect().await;
            let limit = sqlx::raw_sql("SHOW lock_timeout").fetch_one(&mut other).await.unwrap();
            assert_eq!(limit.get::<String, _>(0), "0");
        });
    }
}

/// What is not known of the pooler is asked again. A command is over before anything else could show it.
#[test]
fn a_check_that_breaks_off_allows_no_statement() {
    run(Mode::Transaction, 5, |pooled| async move {
        let proxy = Proxy::before(&pooled.bouncer.url());
        let installation = Installation::default().patient().set("SVC_DATABASE__URL", &proxy.url());
        // One of the first messages on the two connections of the check is lost.
        for passed in 0..5 {
            proxy.cut(passed, Way::Request);
            installation.run(&["migrate", "status"]).refused(78, &[CURE]);
            assert!(proxy.was_cut(), "message {passed} was never sent");
        }
    });
}

/// The check at the start finds nothing, because the pooler had another mode then.
#[test]
fn a_pooler_that_begins_to_share_sessions_is_noticed_by_the_next_unit_of_work() {
    run(Mode::Session, 20, |pooled| async move {
        let app = App::start_through(pooled.database.clone(), &pooled.bouncer.url(), &[]).await;
        let (_, login) = app.new_user().await;
        app.me(&login.access).await.expect(200);
        pooled.bouncer.restart(&pooled.program, Mode::Transaction, 20).await;
        let mut other = pooled.bouncer.connect().await;
        let used = async {
            loop {
                // Takes the session that the service has just used, so that the service gets another one.
                sqlx::raw_sql("BEGIN").execute(&mut other).await.unwrap();
                app.try_log_in("ada@example.com", "a wrong password").await;
                app.client.get("/health/ready", None).await;
                sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
            }
        };
        let found = within(async {
            tokio::select! {
                () = used => unreachable!("it never ends"),
                found = app.container.unusable() => found,
            }
        })
        .await;
        assert!(found.to_string().contains(CURE), "{found}");
        // From here on, nothing is sent to the database.
        let ready = app.client.get("/health/ready", None).await.expect(503);
        assert!(ready["detail"].as_str().unwrap().contains("database: unsupported"), "{ready}");
        assert_eq!(app.refresh(&login.refresh).await.rejection(), (503, "unavailable".to_owned()));
        app.stop().await;
    });
}

/// Opens a store with one connection, behind a pooler that shares sessions only since the store has checked
/// that it does not. Returns the store, and another client of the pooler.
async fn shared_since(pooled: &Pooled) -> (SqlxStore, PgConnection) {
    let options = PoolOptions { max_connections: 1, ..database::options() };
    let url = SecretString::from(pooled.bouncer.url()).into();
    let store = SqlxStore::open_postgres(&url, &options).unwrap();
    store.begin().await.unwrap().commit().await.unwrap();
    pooled.bouncer.restart(&pooled.program, Mode::Transaction, 20).await;
    let other = pooled.bouncer.connect().await;
    // The connection broke together with the pooler.
    until(async || match store.begin().await {
        Ok(work) => work.commit().await.is_ok(),
        Err(_) => false,
    })
    .await;
    (store, other)
}

/// Takes the session that the store has just used, so that the store gets another one.
async fn take_session(other: &mut PgConnection) {
    sqlx::raw_sql("BEGIN").execute(other).await.unwrap();
}

#[track_caller]
fn expect_refused<T: std::fmt::Debug>(answer: Result<T, StoreError>) {
    match answer {
        Err(StoreError::Unusable(Unusable::Unsupported, text)) => assert!(text.contains(CURE), "{text}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_unit_of_work_in_another_session_is_refused_before_its_first_statement() {
    run(Mode::Session, 20, |pooled| async move {
        let (store, mut other) = shared_since(&pooled).await;
        take_session(&mut other).await;
        expect_refused(store.begin().await.map(drop));
        store.close().await;
    });
}

#[test]
fn a_connection_that_rested_and_has_another_session_is_refused() {
    run(Mode::Session, 20, |pooled| async move {
        let (store, mut other) = shared_since(&pooled).await;
        take_session(&mut other).await;
        // A connection that was idle is tested before it is used.
        tokio::time::sleep(Duration::from_millis(300)).await;
        // Nothing was prepared on it yet, so no name can show it.
        expect_refused(store.users().find(given::user("ada@example.com").id).await);
        store.close().await;
    });
}

#[test]
fn a_statement_that_another_session_does_not_know_is_refused() {
    run(Mode::Session, 20, |pooled| async move {
        let (store, mut other) = shared_since(&pooled).await;
        let id = given::user("ada@example.com").id;
        assert_eq!(store.users().find(id).await, Ok(None));
        take_session(&mut other).await;
        expect_refused(store.users().find(id).await);
        store.close().await;
    });
}
