//! A read-only database: a standby, a demoted primary, or one that an operator has set so.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::time::Instant;

use futures_util::future::join_all;
use svc::ports::StoreProbe as _;

use crate::support::process::{Installation, until};
use crate::support::{App, Backend, database};

/// Makes a database read-only, as when the server becomes a standby: every session ends.
const READ_ONLY: &str = "ALTER DATABASE {} SET default_transaction_read_only = on";
const READ_WRITE: &str = "BEGIN READ WRITE; ALTER DATABASE {} RESET default_transaction_read_only; COMMIT";
const END: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
    WHERE datname = current_database() AND pid <> pg_backend_pid()";
/// Counts how often the row is read whose lock proves that the database takes changes.
const COUNTED: &str = "INSERT INTO ban_list VALUES (1, gen_random_uuid()) ON CONFLICT DO NOTHING; \
    CREATE SEQUENCE asked; ALTER TABLE ban_list RENAME TO counted_ban_list; \
    CREATE VIEW ban_list AS SELECT * FROM counted_ban_list WHERE nextval('asked') > 0";

#[test]
fn readiness_reports_it_and_the_service_writes_again_as_soon_as_the_database_does() {
    database::run(Backend::Postgres, async |backend| {
        let database = std::sync::Arc::new(backend.own_database().await);
        let name = database.name().unwrap().to_owned();
        let url = database.url();
        let app = App::start_through(database.clone(), &url, &["cache.url=off:"]).await;
        let (_, login) = app.new_user().await;
        database.execute(&READ_ONLY.replace("{}", &name)).await.unwrap();
        database.execute(END).await.unwrap();
        let said = async || app.client.get("/health/ready", None).await;
        until(async || {
            said().await.status == 503 && said().await.json()["detail"] == "Not ready. database: read_only."
        })
        .await;
        // Reads still work.
        app.me(&login.access).await.expect(200);
        assert_eq!(app.refresh(&login.refresh).await.rejection(), (503, "unavailable".to_owned()));
        // The existing sessions stay read-only, like those of a standby until it is promoted. Only the
        // service itself ends them.
        database.execute(&READ_WRITE.replace("{}", &name)).await.unwrap();
        until(async || said().await.status == 200).await;
        until(async || app.refresh(&login.refresh).await.status == 200).await;
        app.stop().await;
    });
}

/// Readiness is asked by many, and often. What it asks of the database is counted by a sequence, which keeps
/// its value when a transaction is rolled back.
#[test]
fn the_database_is_asked_at_most_once_a_second_for_all_callers() {
    database::run(Backend::Postgres, async |backend| {
        let database = backend.own_database().await;
        database.execute(COUNTED).await.unwrap();
        let store = &database.store;
        let began = Instant::now();
        for round in 0..3 {
            let answers = join_all((0..20).map(|_| store.check_writable())).await;
            assert!(answers.iter().all(Result::is_ok), "round {round}: {answers:?}");
        }
        let most = began.elapsed().as_secs() + 1;
        let asked = database.texts("SELECT last_value::text FROM asked WHERE is_called").await[0]
            .parse::<u64>()
            .unwrap();
        assert!(asked <= most, "asked {asked} times in less than {most} s");
    });
}

#[tokio::test]
async fn readiness_reports_a_read_only_file() {
    let installation = Installation::default().unprivileged();
    installation.run(&["migrate"]).expect(0);
    let serving = installation.serve();
    serving.ready().await;
    serving.terminate();
    serving.ended().expect(0);
    fs::set_permissions(installation.path("data/svc.db"), Permissions::from_mode(0o400)).unwrap();
    let serving = installation.serve_with(&["--no-migrate"]);
    until(async || {
        let ready = serving.client.get("/health/ready", None).await;
        ready.status == 503 && ready.json()["detail"] == "Not ready. database: read_only."
    })
    .await;
}
