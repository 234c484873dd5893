//! The command line beside a running service on the same database.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::cli::user::{create, try_log_in};
use crate::support::app::PASSWORD;
use crate::support::process::{Installation, until};
use crate::support::{Backend, both_backends};

/// How many commands run one after the other: on SQLite as many as are promised.
const fn commands(backend: Backend) -> u32 {
    match backend {
        Backend::Sqlite => 200,
        Backend::Postgres => 40,
    }
}

both_backends! {
    async fn many_commands_in_a_row_find_no_busy_database(backend: Backend) {
        let installation = Installation::migrated(backend).await.patient();
        let serving = installation.serve_with(&["--with-worker"]);
        serving.ready().await;
        // While the worker divides partitions, a change may wait for longer than it is allowed to.
        let divided = "SELECT name FROM jobs WHERE name = 'partitions' AND claim IS NULL";
        until(async || installation.texts(divided).await.len() == 1).await;
        create(&installation, "ada@example.com", &["--role", "admin"]);
        create(&installation, "bea@example.com", &[]);
        // No command changes this user: then a log-in would wait for it, and a busy machine prolongs that.
        create(&installation, "eve@example.com", &[]);
        let (is_over, commands) = (AtomicBool::new(false), commands(backend));
        // The service writes all the time.
        let load = async {
            let mut log_ins = 0;
            while !is_over.load(Ordering::SeqCst) {
                try_log_in(&serving, "eve@example.com", PASSWORD).await.expect(200);
                log_ins += 1;
            }
            log_ins
        };
        let work = tokio::task::spawn_blocking({
            let installation = installation;
            move || {
                for number in 0..commands {
                    let name = format!("Bea {number}");
                    let arguments: &[&str] = match number % 4 {
                        0 => &["user", "rename", "bea@example.com", &name],
                        1 => &["user", "lock", "bea@example.com", "--yes"],
                        2 => &["user", "unlock", "bea@example.com"],
                        _ => {
                            installation.run(&["issue-token", "--user", "ada@example.com"]).expect(0);
                            &["session", "revoke", "--user", "ada@example.com", "--yes"]
                        }
                    };
                    let ran = installation.run(arguments).expect(0);
                    // Statements take long on a busy machine, and that is logged.
                    let other = ran.stderr.lines().find(|line| !line.contains("slow statement"));
                    assert_eq!(other, None, "{arguments:?}");
                }
                installation
            }
        });
        let work = async {
            let installation = work.await;
            is_over.store(true, Ordering::SeqCst);
            installation.unwrap()
        };
        let (log_ins, installation) = futures_util::future::join(load, work).await;
        assert!(log_ins > 0);
        let events = "SELECT CAST(count(*) AS text) FROM outbox WHERE type = 'svc.user.updated.v1'";
        assert_eq!(installation.texts(events).await, [commands.div_ceil(4).to_string()]);
        let revoked = "SELECT CAST(count(*) AS text) FROM outbox WHERE type = 'svc.session.revoked.v1' AND actor = 'operator'";
        assert_eq!(installation.texts(revoked).await, [(commands / 4).to_string()]);
        let version = installation.texts("SELECT CAST(version AS text) FROM users WHERE email = 'bea@example.com'").await;
        assert_eq!(version, [(1 + commands - commands / 4).to_string()]);
        serving.terminate();
        serving.ended().expect(0);
    }
}
