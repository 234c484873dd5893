//! A primary whose synchronous standby is gone: a COMMIT is done there, and is answered when the standby is
//! back.
//!
//! **Here**: what a client meets then, and what is left on the server, without a pooler and behind one.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use futures_util::future::join_all;
use serde_json::json;

use crate::support::app::{Login, PASSWORD};
use crate::support::client::Answer;
use crate::support::pgbouncer::{self, Mode, PgBouncer};
use crate::support::postgres::{Alone, run_alone};
use crate::support::process::{Installation, Serving, until};
use crate::support::{App, environment};

const CONNECTIONS: i64 = 8;
/// One follows the outbox, two relay events and run handlers, one listens, and one cancels.
const MORE: i64 = 5;
/// The server may still end the process of one of these while its successor begins.
const ENDING: i64 = MORE;
/// What a pooler has for all of them, but for the one that listens and the one that cancels.
const POOLED: u32 = 11;

/// The connection of the service that cancels, or a session that a pooler gave to no other client since.
const CANCELLING: &str =
    "(query LIKE '%pg_cancel_backend(pid)%' OR query LIKE '%pg_terminate_backend(pid)%')";

/// How many write at the same time, and how often each: more than there are connections, and for so long that
/// their statements are given up again and again.
const WRITERS: usize = 12;
const WRITES: usize = 3;

fn installation(url: &str) -> Installation {
    Installation::default()
        .set("SVC_DATABASE__URL", url)
        .set("SVC_DATABASE__MAX_CONNECTIONS", &CONNECTIONS.to_string())
        .set("SVC_DATABASE__ACQUIRE_TIMEOUT", "2s")
        .set("SVC_DATABASE__STATEMENT_TIMEOUT", "500ms")
        .set("SVC_CACHE__URL", "off:")
        .set("SVC_SECURITY__SECRET_KEY", "0123456789abcdefghijklmnopqrstuvwxyz")
        .set("SVC_SECURITY__PASSWORD__MEMORY_KIB", "8")
        .set("SVC_SECURITY__PASSWORD__ITERATIONS", "1")
        .set("SVC_LIMITS__ENABLED", "false")
        .set("SVC_SERVER__METRICS_LISTEN", "off")
}

async fn register(serving: &Serving, email: &str) -> Answer {
    serving.client.post("/api/v1/auth/register", &json!({ "email": email, "password": PASSWORD })).await
}

async fn refresh(serving: &Serving, login: &Login) -> Answer {
    serving.client.post("/api/v1/auth/refresh", &json!({ "refresh_token": login.refresh })).await
}

/// Whether a new user could be written.
async fn writes(serving: &Serving) -> bool {
    register(serving, &App::address()).await.status == 201
}

#[test]
fn commits_that_wait_for_a_standby_fill_neither_the_server_nor_the_pool() {
    run_alone(|server: Alone| async move {
        migrate(&server);
        expect_bounded(&server, installation(&server.url())).await;
    });
}

#[test]
fn the_same_holds_behind_a_pooler_in_session_mode() {
    behind(Mode::Session, POOLED + 2, async |server, url| {
        expect_bounded(&server, installation(&url)).await;
    });
}

#[test]
fn the_same_holds_behind_a_pooler_in_transaction_mode() {
    behind(Mode::Transaction, POOLED, async |server, url| {
        let installation = installation(&url)
            .set("SVC_DATABASE__POOLER", "transaction")
            .set("SVC_DATABASE__DIRECT_URL", &server.url());
        expect_bounded(&server, installation).await;
    });
}

/// Runs a test with the URL of a PgBouncer before the server.
fn behind(mode: Mode, sessions: u32, test: impl AsyncFnOnce(Alone, String)) {
    match pgbouncer::look() {
        Ok(program) => run_alone(|server: Alone| async move {
            migrate(&server);
            let bouncer = PgBouncer::start(&program, &server.url(), mode, sessions).await;
            test(server, bouncer.url()).await;
        }),
        Err(missing) => environment::skip(missing),
    }
}

fn migrate(server: &Alone) {
    installation(&server.url()).set("SVC_DATABASE__ACQUIRE_TIMEOUT", "1m").run(&["migrate"]).expect(0);
}

/// Takes the standby away, writes and reads, and gives it back.
async fn expect_bounded(server: &Alone, installation: Installation) {
    let mut serving = installation.serve_with(&["--with-worker"]);
    serving.ready().await;
    let email = App::address();
    register(&serving, &email).await.expect(201);
    let body = json!({ "email": email, "password": PASSWORD });
    let login = Login::of(&serving.client.post("/api/v1/auth/login", &body).await.expect(200));

    server.execute(&["ALTER SYSTEM SET synchronous_standby_names = 'gone'", "SELECT pg_reload_conf()"]).await;
    until(async || !writes(&serving).await).await;
    // It is done, and the client does not know.
    assert_eq!(refresh(&serving, &login).await.rejection(), (503, "unavailable".to_owned()));

    let left = AtomicUsize::new(WRITERS);
    let writers = join_all((0..WRITERS).map(async |_| {
        for _ in 0..WRITES {
            assert!(!writes(&serving).await, "nothing waits for the standby");
        }
        left.fetch_sub(1, Ordering::Relaxed);
    }));
    let (mut most, mut failed, mut read) = (0, 0, 0);
    let others = async {
        while left.load(Ordering::Relaxed) > 0 {
            let me = serving.client.get("/api/v1/users/me", Some(&login.access)).await;
            let ready = serving.client.get("/health/ready", None).await;
            failed += usize::from(me.status != 200) + usize::from(ready.status != 200);
            read += 2;
            most = most.max(server.processes("true").await);
        }
    };
    tokio::join!(writers, others);
    // Shown with --nocapture.
    println!("{most} processes of the server at most; {failed} of {read} reads failed");
    assert_eq!(failed, 0, "of {read} reads");
    assert!(most <= CONNECTIONS + MORE + ENDING, "{most} processes of the server");
    serving.logged("PostgreSQL gave no answer in time: what it does is cancelled");

    server.execute(&["ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()"]).await;
    let began = Instant::now();
    until(async || writes(&serving).await).await;
    println!("it writes {:?} after the server does", began.elapsed());
    // The answer that was lost costs no session.
    until(async || {
        let again = refresh(&serving, &login).await;
        assert!([200, 503].contains(&again.status), "{again:?}");
        again.status == 200
    })
    .await;
    // Nothing waits any more, so the connection that cancels is closed.
    until(async || server.processes(CANCELLING).await == 0).await;
    serving.client.get("/api/v1/users/me", Some(&login.access)).await.expect(200);
}
