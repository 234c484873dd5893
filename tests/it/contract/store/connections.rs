//! Connections to the database, which many callers share.

use std::time::Duration;

use const_format::concatcp;
use futures_util::future::join_all;
use secrecy::SecretString;
use svc::adapters::sqlx::{PoolOptions, SqlxStore};
use svc::domain::User;
use svc::ports::store::{Store, StoreError};
use tokio::task::{JoinSet, yield_now};
use tokio::time::sleep;
use url::Url;

use crate::support::database::{options, run};
use crate::support::postgres::HOUSEKEEPER;
use crate::support::process::until;
use crate::support::{Backend, TestDatabase, both_backends, environment, given};

/// The connections of the test's stores to PostgreSQL.
const OPEN: &str = concatcp!(
    "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
     AND backend_type = 'client backend' AND application_name <> '",
    HOUSEKEEPER,
    "'"
);
const NAME: &str = "a store of the test";

/// Uses all connections at once.
async fn every_connection_works(db: &TestDatabase, user: &User) {
    let mut reads = JoinSet::new();
    for _ in 0..options().max_connections * 4 {
        let (store, id) = (db.store.clone(), user.id);
        reads.spawn(async move { store.users().find(id).await });
    }
    for read in reads.join_all().await {
        assert_eq!(read, Ok(Some(user.clone())));
    }
}

both_backends! {
    async fn a_connection_is_reused_whatever_happens_to_its_user(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let mut users = JoinSet::new();
        for n in 0..64 {
            let (store, id) = (db.store.clone(), user.id);
            users.spawn(async move {
                let mut work = store.begin().await?;
                work.users().lock(id).await?;
                match n % 3 {
                    0 => work.commit().await,
                    // Taken already.
                    1 => work.users().insert(&given::user("ada@example.com"), &given::hash("x")).await.or(Ok(())),
                    _ => Ok(()),
                }
            });
        }
        for outcome in users.join_all().await {
            assert_eq!(outcome, Ok::<(), StoreError>(()));
        }
        every_connection_works(&db, &user).await;
        if matches!(backend, Backend::Postgres) {
            let open: u32 = db.texts(&format!("SELECT count(*)::text {OPEN}")).await.remove(0).parse().unwrap();
            assert!((1..=options().max_connections).contains(&open), "{open} connections");
            // Connections that were dropped last may still be on their way back to the pool.
            let busy = format!("SELECT state {OPEN} AND state <> 'idle'");
            until(async || db.texts(&busy).await.is_empty()).await;
        }
    }

    async fn a_cancelled_caller_returns_the_connection(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let mut first = db.store.begin().await.unwrap();
        first.users().lock(user.id).await.unwrap();
        for _ in 0..options().max_connections * 2 {
            let mut waiting = JoinSet::new();
            let (store, id) = (db.store.clone(), user.id);
            waiting.spawn(async move { store.begin().await.unwrap().users().lock(id).await });
            yield_now().await;
            db.until_blocked().await;
            waiting.shutdown().await;
        }
        first.commit().await.unwrap();
        let mut second = db.store.begin().await.unwrap();
        assert!(second.users().lock(user.id).await.unwrap().is_some());
        second.commit().await.unwrap();
        every_connection_works(&db, &user).await;
    }
}

#[test]
fn a_connection_that_the_server_has_ended_is_replaced() {
    run(Backend::Postgres, async |backend| {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        every_connection_works(&db, &user).await;
        db.texts(&format!("SELECT pg_terminate_backend(pid, 60000)::text {OPEN}")).await;
        // The first broken connection that is met is the last: once none of the others is left, there is a
        // new one.
        while db.texts(&format!("SELECT pid::text {OPEN}")).await.is_empty() {
            let _ = db.store.users().find(user.id).await;
        }
        every_connection_works(&db, &user).await;
    });
}

/// Opens a store under a name of its own, so that its server processes can be distinguished.
fn named(db: &TestDatabase, max_connections: u32) -> SqlxStore {
    let mut url = Url::parse(&db.url()).unwrap();
    url.query_pairs_mut().append_pair("application_name", NAME);
    let options = PoolOptions { max_connections, ..options() };
    SqlxStore::open_postgres(&SecretString::from(String::from(url)).into(), &options).unwrap()
}

/// Returns the server processes of a store that is [`named`].
async fn processes(db: &TestDatabase) -> Vec<String> {
    db.texts(&format!("SELECT pid::text {OPEN} AND application_name = '{NAME}' ORDER BY pid")).await
}

/// Makes each new user fail with this code.
async fn fail_with(db: &TestDatabase, code: &str) {
    let sql = format!(
        "CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         RAISE EXCEPTION USING ERRCODE = '{code}'; END $$; \
         CREATE OR REPLACE TRIGGER fail BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION fail()"
    );
    db.execute(&sql).await.unwrap();
}

async fn fails_to_insert(store: &SqlxStore) -> StoreError {
    let mut work = store.begin().await.unwrap();
    work.users().insert(&given::user("eve@example.com"), &given::hash("x")).await.unwrap_err()
}

/// PostgreSQL ends the session by itself then. A pooler may keep the connection to its client.
#[test]
fn a_connection_is_replaced_after_an_answer_that_the_session_ends() {
    run(Backend::Postgres, async |backend| {
        let db = backend.own_database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let store = named(&db, 1);
        for (code, is_replaced) in [
            ("40001", false),
            ("40P01", false),
            ("57P01", true),
            ("57P02", true),
            ("57P03", true),
            ("08006", true),
        ] {
            fail_with(&db, code).await;
            assert_eq!(store.users().find(user.id).await, Ok(Some(user.clone())));
            let before = processes(&db).await;
            assert!(matches!(fails_to_insert(&store).await, StoreError::Unavailable(_)));
            assert_eq!(store.users().find(user.id).await, Ok(Some(user.clone())));
            let after = processes(&db).await;
            assert_eq!(after.iter().any(|process| !before.contains(process)), is_replaced, "after {code}");
            until(async || processes(&db).await.len() == 1).await;
        }
        store.close().await;
    });
}

#[test]
fn connections_that_rest_are_closed_together_with_a_read_only_one() {
    run(Backend::Postgres, async |backend| {
        let db = backend.own_database().await;
        let store = named(&db, 4);
        fail_with(&db, "25006").await;
        let works = (0..3).map(async |_| store.begin().await.unwrap());
        for work in join_all(works).await {
            work.commit().await.unwrap();
        }
        let before = processes(&db).await;
        assert_eq!(before.len(), 3);
        // A younger connection would be read-only again.
        sleep(Duration::from_millis(1100)).await;
        assert!(matches!(fails_to_insert(&store).await, StoreError::ReadOnly(_)));
        until(async || processes(&db).await.iter().all(|process| !before.contains(process))).await;
        store.close().await;
    });
}

#[test]
fn a_server_is_reached_by_tls() {
    run(Backend::Postgres, async |backend| {
        let db = backend.database().await;
        if db.texts("SHOW ssl").await != ["on"] {
            return environment::skip(
                "PostgreSQL here has no certificate, or there is no openssl to make one",
            );
        }
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let mut url = Url::parse(&db.url()).unwrap();
        url.set_query(Some("sslmode=require"));
        let store =
            SqlxStore::open_postgres(&SecretString::from(String::from(url)).into(), &options()).unwrap();
        assert_eq!(store.users().find(user.id).await, Ok(Some(user)));
        let encrypted = format!("SELECT version FROM pg_stat_ssl WHERE ssl AND pid IN (SELECT pid {OPEN})");
        let versions = db.texts(&encrypted).await;
        assert!(!versions.is_empty() && versions.iter().all(|version| version == "TLSv1.3"), "{versions:?}");
        store.close().await;
    });
}

#[test]
fn a_store_that_is_closed_has_no_connection_left() {
    run(Backend::Postgres, async |backend| {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        every_connection_works(&db, &user).await;
        let mut work = db.store.begin().await.unwrap();
        work.users().lock(user.id).await.unwrap();
        let mut closing = JoinSet::new();
        let store = db.store.clone();
        closing.spawn(async move { store.close().await });
        while db.store.users().find(user.id).await.is_ok() {
            yield_now().await;
        }
        // If it did not wait for running statements, it would have finished by then.
        db.texts("SELECT ''").await;
        assert!(closing.try_join_next().is_none());
        work.commit().await.unwrap();
        closing.join_next().await.unwrap().unwrap();
        let open = format!("SELECT pid::text {OPEN}");
        until(async || db.texts(&open).await.is_empty()).await;
    });
}
