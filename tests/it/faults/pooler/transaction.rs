use std::sync::Arc;

use futures_util::future::join_all;

use super::{Pooled, run};
use crate::support::app::Login;
use crate::support::pgbouncer::{Mode, PgBouncer};
use crate::support::process::{Installation, until};
use crate::support::{App, Backend, TestDatabase};

/// Fewer sessions of the server than replicas, let alone connections.
const SESSIONS: u32 = 2;
const USERS: usize = 12;

async fn replica(pooled: &Pooled) -> App {
    start(&pooled.database, &pooled.bouncer, &[]).await
}

/// Starts the service behind this pooler, with more settings.
async fn start(database: &Arc<TestDatabase>, bouncer: &PgBouncer, more: &[&str]) -> App {
    let direct = format!("database.direct_url={}", database.url());
    // Every read must reach the database.
    let settings = [&["database.pooler=transaction", &*direct, "cache.url=off:"][..], more].concat();
    App::start_through(Arc::clone(database), &bouncer.url(), &settings).await
}

/// Performs the requests of one user on all replicas, and checks that each answer is that user's.
async fn use_all(replicas: &[App], email: String) {
    let [first, second, third] = replicas else { unreachable!() };
    let user = first.register(&email).await;
    let mut login = second.log_in(&email).await;
    for round in 0..6 {
        for app in [third, first, second] {
            let me = app.me(&login.access).await.expect(200);
            assert_eq!((&me["id"], &me["email"]), (&user["id"], &user["email"]));
            let sessions = app.client.get("/api/v1/auth/sessions", Some(&login.access)).await.expect(200);
            assert_eq!(sessions["items"].as_array().unwrap().len(), 1, "{sessions}");
        }
        login = Login::of(&replicas[round % 3].refresh(&login.refresh).await.expect(200));
    }
    third.log_out(&login.refresh).await.expect(204);
    assert_eq!(first.me(&login.access).await.status, 401);
}

#[test]
fn three_replicas_share_two_sessions_of_the_server_and_every_answer_is_right() {
    run(Mode::Transaction, SESSIONS, |pooled| async move {
        let replicas = join_all((0..3).map(|_| replica(&pooled))).await;
        join_all((0..USERS).map(|n| use_all(&replicas, format!("user{n}@example.com")))).await;
        let named = "SELECT name::text FROM pg_prepared_statements";
        for _ in 0..SESSIONS {
            assert_eq!(pooled_texts(&pooled.bouncer, named).await, [""; 0], "a statement has a name");
        }
        for app in replicas {
            app.stop().await;
        }
    });
}

async fn pooled_texts(bouncer: &PgBouncer, sql: &'static str) -> Vec<String> {
    use sqlx::Row;
    let mut connection = bouncer.connect().await;
    sqlx::raw_sql(sql).fetch_all(&mut connection).await.unwrap().iter().map(|row| row.get(0)).collect()
}

/// The server ends a statement that waits for a lock, although no session has limits.
#[test]
fn the_limits_hold_within_a_transaction() {
    run(Mode::Transaction, SESSIONS, |pooled| async move {
        // Without a limit of the server, the request ends first, and its statement does not.
        let app = start(&pooled.database, &pooled.bouncer, &["limits.request_timeout=20s"]).await;
        super::session::expect_lock_timeout(&app).await;
        app.stop().await;
    });
}

/// No session has a level of its own there.
#[test]
fn the_isolation_level_is_that_of_each_transaction() {
    run(Mode::Transaction, SESSIONS, |pooled| async move {
        let own = Arc::new(Backend::Postgres.own_database().await);
        let level = "repeatable read";
        let name = own.name().unwrap();
        let set = format!("ALTER DATABASE {name} SET default_transaction_isolation = '{level}'");
        own.execute(&set).await.unwrap();
        let bouncer = PgBouncer::start(&pooled.program, &own.url(), Mode::Transaction, SESSIONS).await;
        let app = start(&own, &bouncer, &[]).await;
        crate::faults::database::expect_own_level(&app, level).await;
        app.stop().await;
    });
}

#[test]
fn the_worker_and_the_migrations_use_the_direct_url() {
    run(Mode::Transaction, SESSIONS, |pooled| async move {
        let empty = Backend::Postgres.empty_database().await;
        let program = &pooled.program;
        let bouncer = PgBouncer::start(program, &empty.url(), Mode::Transaction, SESSIONS).await;
        let installation = Installation::default()
            .patient()
            .set("SVC_SECURITY__PASSWORD__MEMORY_KIB", "8")
            .set("SVC_SERVER__METRICS_LISTEN", "off")
            .set("SVC_DATABASE__URL", &bouncer.url())
            .set("SVC_DATABASE__POOLER", "transaction");
        let cure = "database.direct_url";
        installation.run(&["migrate"]).refused(78, &[cure]);
        let shared = installation.set("SVC_DATABASE__DIRECT_URL", &bouncer.url());
        shared
            .run(&["migrate"])
            .refused(78, &["database.direct_url: postgres://", "is the address of a pooler"]);
        let installation = shared.set("SVC_DATABASE__DIRECT_URL", &empty.url());
        installation.run(&["migrate"]).expect(0);
        installation.run(&["create-user", "--email", "ada@example.com", "--generate-password"]).expect(0);

        let serving = installation.serve_with(&["--with-worker"]);
        serving.ready().await;
        let audited = async || empty.texts("SELECT type FROM audit").await == ["svc.user.registered.v1"];
        until(audited).await;
        let listening = "SELECT query FROM pg_stat_activity \
            WHERE datname = current_database() AND query LIKE 'LISTEN%'";
        until(async || !empty.texts(listening).await.is_empty()).await;
        serving.terminate();
        serving.ended().expect(0);
    });
}

#[test]
fn a_pooler_in_statement_mode_is_refused() {
    run(Mode::Statement, SESSIONS, |pooled| async move {
        let installation = Installation::default()
            .patient()
            .set("SVC_SERVER__METRICS_LISTEN", "off")
            .set("SVC_DATABASE__URL", &pooled.bouncer.url())
            .set("SVC_DATABASE__POOLER", "transaction")
            .set("SVC_DATABASE__DIRECT_URL", &pooled.database.url());
        for arguments in [
            &["migrate", "status"][..],
            &["serve", "--set", "server.listen=127.0.0.1:0"],
            &["create-user", "--email", "ada@example.com", "--generate-password"],
        ] {
            installation.run(arguments).refused(78, &["database.url: ", "use pool_mode = transaction"]);
        }
        let direct = installation.set("SVC_DATABASE__DIRECT_URL", &pooled.bouncer.url());
        direct.run(&["migrate"]).refused(78, &["database.direct_url: ", "pool_mode = statement"]);
    });
}
