//! PostgreSQL unreachable: stopped, frozen, or with a log-in that it refuses.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use secrecy::SecretString;
use svc::adapters::sqlx::{PoolOptions, SqlxStore};
use svc::ports::Migrations as _;
use svc::ports::Store as _;
use svc::ports::events::Wakeups as _;
use svc::ports::store::{Obstacle, StoreError, Unusable};

use crate::support::app::{Login, PASSWORD};
use crate::support::client::Answer;
use crate::support::process::{until, within};
use crate::support::proxy::Proxy;
use crate::support::refusing::Refusing;
use crate::support::{App, Backend, database};

/// How long a request may wait for a connection, and for a statement. These tests take as long as this.
const SETTINGS: &[&str] = &["database.acquire_timeout=500ms", "database.statement_timeout=500ms"];
/// No request with these settings waits this long, even on a slow machine. With the other settings of `App`
/// it could be five minutes.
const BOUND: Duration = Duration::from_mins(2);

async fn start() -> (App, Proxy) {
    let database = Arc::new(Backend::Postgres.database().await);
    let proxy = Proxy::before(&database.url());
    let url = proxy.url();
    (App::start_through(database, &url, SETTINGS).await, proxy)
}

async fn in_time<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(BOUND, what).await.expect("a request hangs")
}

#[track_caller]
fn expect_unavailable(answer: &Answer) {
    assert_eq!(answer.rejection(), (503, "unavailable".to_owned()));
    assert_eq!(answer.header("retry-after"), "1");
}

/// Every request that needs the database fails in time; the process itself is alive.
async fn expect_outage(app: &App, login: &Login) {
    let ready = in_time(app.client.get("/health/ready", None)).await;
    expect_unavailable(&ready);
    assert!(ready.json()["detail"].as_str().unwrap().contains("database: down"), "{ready:?}");
    in_time(app.client.get("/health/live", None)).await.expect(200);
    // More than there are connections, and none of them treats a user as unknown.
    in_time(join_all((0..20).map(async |n| {
        expect_unavailable(&match n % 4 {
            0 => app.refresh(&login.refresh).await,
            1 => app.me(&login.access).await,
            2 => app.try_log_in("ada@example.com", PASSWORD).await,
            _ => app.log_out(&login.refresh).await,
        });
    })))
    .await;
}

/// Once the database is back, only requests on broken connections fail; then everything works as before.
async fn expect_healing(app: &App, login: &Login) -> Login {
    in_time(until(async || app.client.get("/health/ready", None).await.status == 200)).await;
    in_time(until(async || app.me(&login.access).await.status != 503)).await;
    for answer in join_all((0..10).map(|_| app.me(&login.access))).await {
        answer.expect(200);
    }
    app.refreshed(login).await
}

#[test]
fn a_stopped_server_is_reported_and_needs_no_restart() {
    database::run(Backend::Postgres, async |_| {
        let (app, proxy) = start().await;
        app.register("ada@example.com").await;
        let login = app.log_in("ada@example.com").await;
        proxy.down();
        expect_outage(&app, &login).await;
        proxy.up();
        let login = expect_healing(&app, &login).await;
        app.refreshed(&login).await;
        app.stop().await;
    });
}

#[test]
fn a_frozen_server_is_reported_and_needs_no_restart() {
    database::run(Backend::Postgres, async |_| {
        let (app, proxy) = start().await;
        app.register("ada@example.com").await;
        let login = app.log_in("ada@example.com").await;
        proxy.freeze();
        expect_outage(&app, &login).await;
        proxy.up();
        let login = expect_healing(&app, &login).await;
        app.refreshed(&login).await;
        app.stop().await;
    });
}

#[test]
fn a_server_that_was_down_from_the_first_request_on_is_found() {
    database::run(Backend::Postgres, async |_| {
        let (app, proxy) = start().await;
        app.register("ada@example.com").await;
        let login = app.log_in("ada@example.com").await;
        // A process that has not read any key yet.
        let url = proxy.url();
        let late = App::start_through(app.database.clone(), &url, SETTINGS).await;
        proxy.down();
        expect_outage(&late, &login).await;
        proxy.up();
        // It looks for keys once a second.
        late.clock.advance(Duration::from_secs(1));
        expect_healing(&late, &login).await;
        late.stop().await;
        app.stop().await;
    });
}

/// As after a failover behind an address, or in a firewall that drops its state: a silent connection is given
/// up early enough to open a new one.
#[test]
fn a_connection_that_has_become_silent_is_replaced_within_one_request() {
    database::run(Backend::Postgres, async |backend| {
        let database = backend.database().await;
        let proxy = Proxy::before(&database.url());
        let options = PoolOptions { acquire_timeout: Duration::from_secs(12), ..database::options() };
        let store = SqlxStore::open_postgres(&SecretString::from(proxy.url()).into(), &options).unwrap();
        store.status().await.unwrap();
        // A connection that was idle is tested before it is used.
        tokio::time::sleep(Duration::from_millis(300)).await;
        proxy.stall();
        store.status().await.unwrap();
    });
}

/// Requests do not become a flood of log-ins.
#[tokio::test]
async fn a_refused_log_in_is_not_repeated_for_each_caller() {
    let server = Refusing::with("3D000", "database \"svc\" does not exist");
    let url = SecretString::from(server.url.clone()).into();
    let store = SqlxStore::open_postgres(&url, &database::options()).unwrap();
    let began = Instant::now();
    for _ in 0..50 {
        let refused = store.status().await;
        assert!(matches!(refused, Err(StoreError::Unusable(Unusable::Address, _))), "{refused:?}");
    }
    // The first one, and one each time that the answer is 200 ms old.
    let most = began.elapsed().as_millis() / 200 + 1;
    let asked = u128::try_from(server.asked()).unwrap();
    assert!(asked <= most, "{asked} log-ins in the time of {most}");
}

/// Some of its files are closed moments later, so a caller waits for as long as for a server that is away.
#[tokio::test]
async fn a_server_that_may_open_no_more_files_is_asked_again() {
    let server = Refusing::with("53000", "could not open file: Too many open files");
    let options = PoolOptions { acquire_timeout: BOUND, ..database::options() };
    let store = SqlxStore::open_postgres(&SecretString::from(server.url.clone()).into(), &options).unwrap();
    tokio::select! {
        refused = store.status() => panic!("{refused:?}"),
        () = until(async || server.asked() > 1) => {}
    }
    let options = PoolOptions { acquire_timeout: Duration::from_millis(100), ..database::options() };
    let store = SqlxStore::open_postgres(&SecretString::from(server.url.clone()).into(), &options).unwrap();
    let refused = store.status().await;
    assert!(matches!(refused, Err(StoreError::Blocked(Obstacle::ServerFiles, _))), "{refused:?}");
}

#[test]
fn a_listener_whose_server_never_answers_connects_again() {
    database::run(Backend::Postgres, async |backend| {
        let database = backend.database().await;
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let direct = format!("postgres://svc@{}/svc", silent.local_addr().unwrap());
        let options = PoolOptions {
            acquire_timeout: Duration::from_millis(100),
            statement_timeout: Duration::from_millis(100),
            direct: Some(SecretString::from(direct).into()),
            ..database::options()
        };
        let store = SqlxStore::open_postgres(&SecretString::from(database.url()).into(), &options).unwrap();
        let connected_twice = within(async {
            let first = silent.accept().await.unwrap();
            let second = silent.accept().await.unwrap();
            drop((first, second));
        });
        tokio::select! {
            () = store.listen() => unreachable!("it never ends"),
            () = connected_twice => {}
        }
    });
}

/// A process whose client cannot be reached does nothing that could be cancelled. The only place in the pool
/// is free again when the process has ended, and not before.
#[test]
fn a_process_behind_a_silent_connection_is_ended() {
    database::run(Backend::Postgres, async |backend| {
        let database = backend.database().await;
        let proxy = Proxy::before(&database.url());
        let url = proxy.url() + "&application_name=silent";
        let options = PoolOptions {
            max_connections: 1,
            acquire_timeout: Duration::from_secs(3),
            statement_timeout: Duration::from_millis(500),
            ..database::options()
        };
        let store = SqlxStore::open_postgres(&SecretString::from(url).into(), &options).unwrap();
        let processes = "SELECT pid::text FROM pg_stat_activity WHERE application_name = 'silent' \
            AND datname = current_database() ORDER BY backend_start DESC";
        let silent = loop {
            until(async || store.status().await.is_ok()).await;
            let newest = database.texts(processes).await.remove(0);
            proxy.stall();
            // On a busy machine the connection was idle for so long that it was tested first, and was
            // replaced.
            if store.status().await.is_err() {
                break newest;
            }
        };
        until(async || store.status().await.is_ok()).await;
        assert!(!database.texts(processes).await.contains(&silent), "the server has not let go");
        store.close().await;
    });
}

/// The place of a broken connection is taken until the server has let go. What prevents that is what callers
/// learn who wait for the place.
#[test]
fn those_who_wait_for_a_place_learn_why_there_is_none() {
    database::run(Backend::Postgres, async |backend| {
        let database = backend.database().await;
        let proxy = Proxy::before(&database.url());
        let options = PoolOptions {
            max_connections: 1,
            acquire_timeout: Duration::from_secs(2),
            statement_timeout: Duration::from_secs(2),
            ..database::options()
        };
        let store = SqlxStore::open_postgres(&SecretString::from(proxy.url()).into(), &options).unwrap();
        until(async || store.status().await.is_ok()).await;
        let work = store.begin().await.unwrap();
        proxy.down();
        drop(work);
        // On a busy machine a caller may have waited before anything was tried.
        until(async || {
            let refused = store.status().await;
            matches!(refused, Err(StoreError::Unavailable(text)) if text.contains("nothing listens at the address"))
        })
        .await;
        proxy.up();
        until(async || store.status().await.is_ok()).await;
        store.close().await;
    });
}
