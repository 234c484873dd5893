//! Connections to PostgreSQL that break during a request: before a statement has reached the server, and
//! after the server has executed it.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use svc::adapters::sqlx::{PoolOptions, SqlxStore};
use svc::domain::{Generation, SessionId};
use svc::ports::{Store, StoreError};

use crate::support::app::Login;
use crate::support::process::until;
use crate::support::proxy::{Proxy, Way};
use crate::support::{App, Backend, TestDatabase, database, given};

/// Starts the service with one connection, which goes through a proxy. There are no background tasks, such as
/// the refresh of the ban list, which would use the connection too.
async fn start(backend: Backend) -> (App, Proxy) {
    let database = Arc::new(backend.database().await);
    let proxy = Proxy::before(&database.url());
    let url = proxy.url();
    (App::start_bare_through(database, &url, &["cache.url=off:", "database.max_connections=1"]).await, proxy)
}

/// Returns the newest generation of the session's refresh token, read on an intact connection.
async fn generation(database: &TestDatabase, login: &Login) -> Generation {
    let id = SessionId(login.session_id().parse().unwrap());
    database.store.sessions().find(id).await.unwrap().unwrap().generation
}

/// The outcome of a refresh whose connection broke.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// It failed, and the token was not rotated.
    Undone,
    /// It failed, and the token had been rotated.
    Done,
    /// It was answered: there was no such step.
    Served,
}

/// Breaks each step of a refresh in turn, until there is no further step.
async fn break_each_step(lost: Way) -> Vec<Outcome> {
    let (app, proxy) = start(Backend::Postgres).await;
    let (user, mut login) = app.new_user().await;
    let mut outcomes = Vec::new();
    while outcomes.last() != Some(&Outcome::Served) {
        // An open connection that has prepared the statements.
        login = app.refreshed(&login).await;
        let before = generation(&app.database, &login).await;
        proxy.cut(outcomes.len(), lost);
        let answer = app.refresh(&login.refresh).await;
        let was_cut = proxy.was_cut();
        let done = generation(&app.database, &login).await > before;
        if was_cut && answer.status == 200 {
            // On a busy machine the connection was idle for so long that it was tested first, and was
            // replaced.
            login = Login::of(&answer.expect(200));
        } else if was_cut {
            assert_eq!(answer.rejection(), (503, "unavailable".to_owned()));
            assert_eq!(answer.header("retry-after"), "1");
            outcomes.push(if done { Outcome::Done } else { Outcome::Undone });
            login = app.refreshed(&login).await;
        } else {
            outcomes.push(Outcome::Served);
            login = Login::of(&answer.expect(200));
        }
        assert_eq!(generation(&app.database, &login).await, before + 1);
        app.me(&login.access).await.expect(200);
    }
    app.refreshed(&login).await;
    assert_eq!(app.live_sessions(&user).await, 1);
    assert_eq!(app.events_of(&user).await, ["svc.user.registered.v1", "svc.session.started.v1"]);
    app.stop().await;
    outcomes
}

#[test]
fn a_refresh_whose_statement_was_lost_succeeds_when_it_is_tried_again() {
    database::run(Backend::Postgres, async |_| {
        // There is one step, so no failed request has consumed a token.
        let expected = [Outcome::Undone, Outcome::Served];
        assert_eq!(break_each_step(Way::Request).await, expected);
    });
}

#[test]
fn a_refresh_whose_answer_was_lost_succeeds_when_it_is_tried_again() {
    database::run(Backend::Postgres, async |_| {
        let expected = [Outcome::Done, Outcome::Served];
        assert_eq!(break_each_step(Way::Answer).await, expected);
    });
}

/// The server does not notice that its client is gone as long as the statement lasts.
#[test]
fn what_runs_behind_a_broken_connection_is_cancelled() {
    database::run(Backend::Postgres, async |backend| {
        let db = backend.own_database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let session = given::session(user.id);
        given::store_sessions(&db.store, std::slice::from_ref(&session)).await;
        let slow = "ALTER TABLE sessions RENAME TO slow_sessions; \
            CREATE VIEW sessions AS SELECT * FROM slow_sessions WHERE pg_sleep(3600)::text = ''";
        db.execute(slow).await.unwrap();
        let proxy = Proxy::before(&db.url());
        let statement_timeout = Duration::from_mins(20);
        let options = PoolOptions { max_connections: 1, statement_timeout, ..database::options() };
        let store = SqlxStore::open_postgres(&SecretString::from(proxy.url()).into(), &options).unwrap();
        let running = "SELECT pid::text FROM pg_stat_activity \
            WHERE datname = current_database() AND wait_event = 'PgSleep'";
        let breaking = async {
            until(async || !db.texts(running).await.is_empty()).await;
            // A statement that was sent a moment before its connection broke may be another client's.
            tokio::time::sleep(Duration::from_secs(1)).await;
            proxy.reset();
        };
        let (found, ()) = tokio::join!(store.sessions().find(session.id), breaking);
        assert!(matches!(found, Err(StoreError::Unavailable(_))), "{found:?}");
        until(async || db.texts(running).await.is_empty()).await;
        store.close().await;
    });
}
