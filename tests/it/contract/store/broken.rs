//! Databases that are unreachable, and rows with invalid values.

use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use secrecy::SecretString;
use svc::adapters::sqlx::{PoolOptions, SqlxStore};
use svc::domain::{EventKind, SessionId, SigningKeyStatus};
use svc::ports::store::{Obstacle, SigningKeyReader, Store, StoreError};
use svc::ports::{Migrations, store::UnitOfWork};

use crate::support::{Backend, both_backends, database, folder, given};

fn impatient() -> PoolOptions {
    let brief = Duration::from_millis(200);
    PoolOptions { acquire_timeout: brief, statement_timeout: brief, ..database::options() }
}

fn postgres(url: &str) -> Result<SqlxStore, StoreError> {
    SqlxStore::open_postgres(&SecretString::from(url).into(), &impatient())
}

/// Returns the message of an error that reports an unavailable store.
fn unavailable<T: std::fmt::Debug>(result: Result<T, StoreError>) -> String {
    match result {
        Err(StoreError::Unavailable(text)) => text,
        other => panic!("{other:?}"),
    }
}

/// Returns the message of an error that reports this obstacle.
fn blocked<T: std::fmt::Debug>(result: Result<T, StoreError>, by: Obstacle) -> String {
    match result {
        Err(StoreError::Blocked(obstacle, text)) if obstacle == by => text,
        other => panic!("{other:?}"),
    }
}

fn corrupt<T: std::fmt::Debug>(result: Result<T, StoreError>) -> String {
    match result {
        Err(StoreError::Corrupt(text)) => text,
        other => panic!("{other:?}"),
    }
}

both_backends! {
    async fn a_row_with_an_invalid_value_is_named(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let session = given::session(user.id);
        given::store_sessions(&db.store, std::slice::from_ref(&session)).await;
        let mut work = db.store.begin().await.unwrap();
        work.signing_keys().insert(&given::signing_key("k", SigningKeyStatus::Active)).await.unwrap();
        work.commit().await.unwrap();

        // Rules that were added after the account do not lock its owner out.
        db.execute("UPDATE users SET email = 'as it was allowed once'").await.unwrap();
        let found = db.store.users().find(user.id).await.unwrap().unwrap();
        assert_eq!((found.email.as_str(), found.email.key()), ("as it was allowed once", "ada@example.com"));

        for wrong in ["client_address = 'nowhere'", "revoked_at = created_at, revoked_reason = 'x'"] {
            db.execute(&format!("UPDATE sessions SET {wrong}")).await.unwrap();
            let text = corrupt(db.store.sessions().find(session.id).await);
            assert!(text.starts_with(&format!("session {}: ", session.id)), "{text}");
            db.execute(
                "UPDATE sessions SET client_address = NULL, revoked_at = NULL, revoked_reason = NULL",
            )
            .await
            .unwrap();
        }

        db.execute("UPDATE signing_keys SET algorithm = 'none'").await.unwrap();
        let text = corrupt(db.store.all().await);
        assert!(text.starts_with("signing key k: algorithm: "), "{text}");
    }

    async fn a_moment_out_of_range_is_corrupt(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let wrong = match backend {
            Backend::Sqlite => "2026-13-45T99:99:99.000000Z",
            Backend::Postgres => "infinity",
        };
        db.execute(&format!("UPDATE users SET created_at = '{wrong}'")).await.unwrap();
        corrupt(db.store.users().find(user.id).await);
    }

    async fn a_table_or_column_that_is_missing_says_what_to_run(backend: Backend) {
        let empty = backend.empty_database().await;
        let text = blocked(empty.store.users().find(given::user("a@b.org").id).await, Obstacle::Schema);
        assert!(text.contains("`svc migrate`"), "{text}");
        let db = backend.own_database().await;
        db.execute("ALTER TABLE outbox RENAME COLUMN actor TO initiator").await.unwrap();
        let mut work = db.store.begin().await.unwrap();
        let user = given::user("ada@example.com");
        let event = given::event(user.id, EventKind::SessionStarted(SessionId(given::id())));
        blocked(work.outbox().append(&event).await, Obstacle::Schema);
    }
}

#[test]
fn an_unreadable_url_is_refused_without_being_repeated() {
    for url in
        ["nonsense:hunter2", "postgres://u:hunter2@host:port/db", "postgres://u:hunter2@h/?port=hunter2"]
    {
        let text = unavailable(postgres(url).map(|_| ()));
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[tokio::test]
async fn a_server_that_is_down_is_no_error_before_its_first_use() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let store = postgres(&format!("postgres://u:hunter2@{free}/db")).unwrap();
    let texts = [
        unavailable(store.users().find(given::user("a@b.org").id).await),
        unavailable(store.begin().await.map(|_: Box<dyn UnitOfWork>| ())),
        unavailable(store.status().await),
        unavailable(store.up().await),
    ];
    assert!(texts.iter().all(|text| !text.contains("hunter2")), "{texts:?}");
}

#[tokio::test]
async fn a_silent_server_times_out() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let store = postgres(&format!("postgres://u:p@{}/db", silent.local_addr().unwrap())).unwrap();
    unavailable(store.users().find(given::user("a@b.org").id).await);
    unavailable(store.up().await);
}

#[tokio::test]
async fn a_file_that_cannot_be_made_is_named() {
    let result = SqlxStore::open_sqlite(Path::new("/proc/no/such/svc.db"), &impatient());
    let text = blocked(result.map(|_| ()), Obstacle::NoFile);
    assert!(text.contains("/proc/no/such/svc.db"), "{text}");
}

#[tokio::test]
async fn a_file_that_is_gone_is_named_as_such() {
    let folder = folder::new();
    let path = folder.path().join("data/svc.db");
    let store = SqlxStore::open_sqlite(&path, &impatient()).unwrap();
    std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
    let user = given::user("a@b.org").id;
    let texts = [
        blocked(store.users().find(user).await, Obstacle::NoFile),
        blocked(store.begin().await.map(|_: Box<dyn UnitOfWork>| ()), Obstacle::NoFile),
        blocked(store.status().await, Obstacle::NoFile),
        blocked(store.up().await, Obstacle::NoFile),
    ];
    assert!(texts.iter().all(|text| text.contains("No such file")), "{texts:?}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_corrupt() {
    let folder = folder::new();
    let path = folder.path().join("svc.db");
    std::fs::write(&path, "not a database ".repeat(100)).unwrap();
    let store = SqlxStore::open_sqlite(&path, &impatient()).unwrap();
    corrupt(store.users().find(given::user("a@b.org").id).await);
    corrupt(store.up().await);
}
