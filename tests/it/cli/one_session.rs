//! A command opens one session of PostgreSQL: a session costs the server more than the statements of a
//! command.

use std::time::Duration;

use sqlx::{Connection, PgConnection};

use crate::support::process::{Installation, within};
use crate::support::{Backend, database};

/// The number of sessions that there have been on a database, once all have ended: a session is counted at
/// its end at the latest.
async fn opened(beside: &mut PgConnection, name: &str) -> i64 {
    let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'";
    let opened = "SELECT sessions FROM pg_stat_database WHERE datname = $1";
    within(async {
        while sqlx::query_scalar::<_, i64>(open).bind(name).fetch_one(&mut *beside).await.unwrap() > 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await;
    sqlx::query_scalar(opened).bind(name).fetch_one(beside).await.unwrap()
}

#[test]
fn a_command_opens_one_session_of_the_server() {
    database::run(Backend::Postgres, async |backend| {
        // On the databases of several tests, the housekeeping has a session too.
        let db = backend.own_database().await;
        let installation = Installation::default().set("SVC_DATABASE__URL", &db.url());
        let mut beside = PgConnection::connect(database::postgres_server().as_str()).await.unwrap();
        for arguments in [&["migrate", "status"][..], &["user", "list"], &["event", "stats"]] {
            let before = opened(&mut beside, db.name().unwrap()).await;
            installation.run(arguments).expect(0);
            assert_eq!(opened(&mut beside, db.name().unwrap()).await - before, 1, "{arguments:?}");
        }
    });
}
