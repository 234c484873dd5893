//! Commands on a database that a newer release has migrated.

use crate::cli::changes::{ADA, CHANGING, CREATING};
use crate::cli::key::with_key;
use crate::cli::user::create;
use crate::support::app::PASSWORD;
use crate::support::process::Installation;
use crate::support::{Backend, both_backends};

const READING: [&[&str]; 9] = [
    &["user", "list"],
    &["user", "show", ADA],
    &["session", "list"],
    &["key", "list"],
    &["ban", "list"],
    &["event", "list"],
    &["event", "stats"],
    &["audit", "list"],
    &["migrate", "status"],
];

both_backends! {
    /// Replicas of two releases share a server during an upgrade, and so does the command line. An embedded
    /// database belongs to one release, and `svc serve` of an older one refuses it.
    async fn an_embedded_one_is_read_and_not_changed_and_one_on_a_server_is_changed_too(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        create(&installation, "root@example.com", &["--role", "admin"]);
        create(&installation, ADA, &[]);
        // A key of each status.
        installation.run(&["issue-token", "--user", ADA]).expect(0);
        installation.run(&["key", "rotate", "--force", "--yes"]).expect(0);
        installation.run(&["key", "generate"]).expect(0);
        let columns = "description, success, checksum, execution_time";
        installation
            .execute(&format!(
                "INSERT INTO _sqlx_migrations (version, {columns}) \
                 SELECT 9999, {columns} FROM _sqlx_migrations WHERE version = 1"
            ))
            .await;
        for arguments in READING {
            installation.run(arguments).expect(0);
        }
        let reason = ["database.url", "migration 9999", "use a release as new as the database"];
        let events = async || installation.texts("SELECT type FROM outbox ORDER BY seq").await;
        let before = events().await;
        for arguments in CREATING.iter().chain(&CHANGING) {
            let words: Vec<String> = arguments.iter().map(|word| with_key(&installation, word)).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let ran = installation.run_with_input(&words, PASSWORD);
            match backend {
                Backend::Sqlite => ran.refused(1, &reason),
                Backend::Postgres => ran.expect(0),
            };
        }
        match backend {
            Backend::Sqlite => {
                assert_eq!(events().await, before);
                installation.run(&["serve", "--set", "server.listen=127.0.0.1:0"]).refused(1, &reason);
                installation.run(&["consume"]).refused(1, &reason);
            }
            Backend::Postgres => assert_ne!(events().await, before),
        }
        installation.execute("DELETE FROM _sqlx_migrations WHERE version = 9999").await;
    }
}
