//! `deploy/move-to-postgresql`: a service moves from SQLite to PostgreSQL, and nothing becomes invalid.

use std::process::Command;

use serde_json::{Value, json};

use crate::cli::user::{create, log_in, me};
use crate::support::app::Login;
use crate::support::process::{Installation, until};
use crate::support::{Backend, database, environment};

const ADA: &str = "ada@example.com";

/// What an operator sees of the data.
fn seen(installation: &Installation) -> Vec<Value> {
    let list = |arguments: &[&str]| installation.run(arguments).expect(0).json();
    [
        list(&["user", "list"]),
        list(&["session", "list", "--ended"]),
        list(&["key", "list"]),
        list(&["event", "list"]),
        list(&["audit", "list"]),
        list(&["ban", "list"]),
    ]
    .into()
}

#[test]
fn users_sessions_keys_and_events_are_the_same_afterwards() {
    if ["sqlite3", "psql"].iter().any(|program| environment::program(program).is_none()) {
        return environment::skip("sqlite3 or psql is not installed");
    }
    database::run(Backend::Postgres, async |_| {
        let key = "pX9ZtS3vQm7LwR2cYb8NkF5hJd1GaV6e";
        let keyed = |installation: Installation| {
            installation.set("SVC_SECURITY__SECRET_KEY", key).set("SVC_SERVER__PUBLIC_URL", "http://svc.test")
        };
        let before = keyed(Installation::migrated(Backend::Sqlite).await);
        let serving = before.serve();
        serving.ready().await;
        create(&before, ADA, &["--name", "Ada, \"the first\""]);
        create(&before, "bea@example.com", &["--role", "admin"]);
        let (login, ended) = (log_in(&serving, ADA).await, log_in(&serving, ADA).await);
        before.run(&["session", "revoke", &ended.session_id(), "--yes"]).expect(0);
        before.run(&["ban", "add", "203.0.113.0/24", "--reason", "it's a test, \"really\""]).expect(0);
        let audited = async || before.run(&["audit", "list"]).expect(0).stdout.contains("svc.ban.added.v1");
        until(audited).await;
        serving.terminate();
        serving.ended().expect(0);

        let after = keyed(Installation::migrated(Backend::Postgres).await);
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/move-to-postgresql");
        let url = after.database_url().unwrap();
        let run = || Command::new(script).arg(before.path("data/svc.db")).arg(&url).output().unwrap();
        let moved = run();
        assert!(moved.status.success(), "{}", String::from_utf8_lossy(&moved.stderr));
        assert_eq!(seen(&after), seen(&before));
        let again = run();
        assert_eq!(again.status.code(), Some(1), "a second run would copy into a database with rows");
        assert!(String::from_utf8_lossy(&again.stderr).contains("the table users of PostgreSQL has rows"));

        let serving = after.serve();
        serving.ready().await;
        assert_eq!((me(&serving, &login).await, me(&serving, &ended).await), (200, 401));
        let refresh = json!({ "refresh_token": login.refresh });
        let pair = serving.client.post("/api/v1/auth/refresh", &refresh).await.expect(200);
        assert_eq!(me(&serving, &Login::of(&pair)).await, 200);
        // The next event has a number after the last one that was copied.
        let other = log_in(&serving, ADA).await;
        assert_eq!(me(&serving, &other).await, 200);
        let events = after.run(&["event", "list"]).expect(0).json();
        assert_eq!(events[0]["type"], "svc.session.started.v1", "{events}");
        serving.terminate();
        serving.ended().expect(0);
    });
}
