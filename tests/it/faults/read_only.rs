//! A read-only database: a standby, a demoted primary, or one that an operator has set so.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use crate::support::process::{Installation, until};
use crate::support::{App, Backend, database};

/// Makes a database read-only, as when the server becomes a standby: every session ends.
const READ_ONLY: &str = "ALTER DATABASE {} SET default_transaction_read_only = on";
const READ_WRITE: &str = "BEGIN READ WRITE; ALTER DATABASE {} RESET default_transaction_read_only; COMMIT";
const END: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

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
