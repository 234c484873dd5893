//! Errors of every verb, each with one clear line.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use super::{UNKNOWN, create};
use crate::support::app::PASSWORD;
use crate::support::process::{Installation, Ran};
use crate::support::{Backend, both_backends};

/// The verbs with a user as their first argument, and the arguments after it.
const VERBS: [(&str, &[&str]); 8] = [
    ("show", &[]),
    ("lock", &["--yes"]),
    ("unlock", &[]),
    ("set-role", &["admin"]),
    ("set-password", &["--generate-password", "--yes"]),
    ("verify-email", &[]),
    ("rename", &["Ada"]),
    ("delete", &["--yes"]),
];

fn run(installation: &Installation, verb: (&str, &[&str]), user: &str) -> Ran {
    installation.run(&[&["user", verb.0, user], verb.1].concat())
}

/// Panics unless it failed with this code and exactly one line, which has this text.
#[track_caller]
fn in_one_line(ran: Ran, code: i32, text: &str) {
    assert_eq!(ran.stderr.trim_end().lines().count(), 1, "{ran:?}");
    ran.refused(code, &["svc: ", text]);
}

both_backends! {
    async fn unknown_and_malformed_users(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        // The first command that may write generates the secret key, and says so.
        run(&installation, VERBS[3], UNKNOWN).refused(67, &[UNKNOWN]);
        for verb in VERBS {
            in_one_line(run(&installation, verb, UNKNOWN), 67, &format!("no user has the ID {UNKNOWN}"));
            in_one_line(run(&installation, verb, "eva@example.com"), 67, "no user has the email address eva@example.com");
            for malformed in ["ada", "01990000-0000-7000-8000", "", "a b@example.com", "ada@example.com,eva@example.com"] {
                in_one_line(run(&installation, verb, malformed), 65, "expected an ID or an email address");
            }
            installation.run(&["user", verb.0]).refused(2, &["<ID|EMAIL>"]);
        }
        assert_eq!(installation.texts("SELECT id FROM outbox").await, [] as [String; 0]);
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_written() {
    let installation = Installation::default().unprivileged().patient();
    installation.run(&["migrate"]).expect(0);
    create(&installation, "ada@example.com", &[]);
    let chmod = |name: &str, mode| {
        let file = installation.path("data").join(name);
        if file.exists() {
            fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        }
    };
    chmod("svc.db", 0o400);
    for verb in VERBS {
        // The user is not locked, so unlocking them writes nothing.
        if ["show", "unlock"].contains(&verb.0) {
            run(&installation, verb, "ada@example.com").expect(0);
        } else {
            let ran = run(&installation, verb, "ada@example.com");
            ran.refused(77, &["database.url: sqlite:data/svc.db", "readonly database"]);
        }
    }
    // SQLite gives its files beside the database the rights of the database, and could not remove them.
    for name in ["svc.db", "svc.db-wal", "svc.db-shm"] {
        chmod(name, 0o600);
    }
    run(&installation, VERBS[3], "ada@example.com").expect(0);
}

#[test]
fn a_password_file_that_cannot_be_read() {
    let installation = Installation::default().unprivileged().patient().file("locked", PASSWORD);
    fs::set_permissions(installation.path("locked"), Permissions::from_mode(0o000)).unwrap();
    let from_file = ["--password-file", "locked"];
    let new = ["--email", "eva@example.com"];
    let refused = |arguments: &[&str]| {
        in_one_line(installation.run(&[arguments, &from_file].concat()), 65, "locked: Permission denied");
    };
    for creating in [&["create-user"][..], &["user", "create"]] {
        refused(&[creating, &new].concat());
        assert_eq!(installation.files(), ["locked"], "{creating:?}");
    }
    installation.run(&["migrate"]).expect(0);
    create(&installation, "ada@example.com", &[]);
    refused(&["user", "set-password", "ada@example.com", "--yes"]);
    let events = installation.run(&["event", "list"]).expect(0).json();
    assert_eq!(events.as_array().unwrap().len(), 1, "{events}");
}
