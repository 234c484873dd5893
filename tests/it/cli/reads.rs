//! Commands that only read, and dry runs, create no key, no folder and no database.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clap::CommandFactory;
use svc::cli::Cli;

use crate::cli::changes::{CHANGING, CREATING};
use crate::support::commands::names;
use crate::support::process::Installation;
use crate::support::{Backend, both_backends};

const ID: &str = "0198c5a2-7a10-7c3e-9d52-3f0a5d1f2b10";

/// Each command that only reads, with its exit code on a server's empty database and on one without an event.
/// Without an embedded database, 2 and 65 are 78 too: the folder or the settings are probably the wrong ones.
pub(super) const READING: [(&[&str], i32, i32); 31] = [
    (&["migrate", "status"], 0, 0),
    (&["event", "list"], 78, 0),
    (&["event", "show", ID], 78, 67),
    (&["event", "dead"], 78, 0),
    (&["event", "stats"], 78, 0),
    (&["event", "replay", "--dead", "--dry-run"], 78, 0),
    (&["event", "replay", ID, "--dry-run"], 78, 67),
    (&["event", "discard", "--dry-run"], 2, 2),
    (&["audit", "list"], 78, 0),
    (&["ban", "list"], 78, 0),
    (&["user", "list"], 78, 0),
    (&["user", "list", "--all"], 78, 0),
    (&["user", "show", ID], 78, 67),
    (&["session", "list"], 78, 0),
    (&["session", "show", ID], 78, 67),
    // They read the ID from standard input.
    (&["session", "explain"], 78, 67),
    (&["token", "inspect"], 65, 65),
    (&["invitation", "list"], 78, 0),
    (&["invitation", "revoke", ID, "--dry-run"], 78, 67),
    (&["key", "list"], 78, 0),
    (&["user", "lock", ID, "--dry-run"], 78, 67),
    (&["user", "delete", ID, "--dry-run"], 78, 67),
    (&["user", "set-password", ID, "--dry-run"], 78, 67),
    (&["session", "revoke", "--user", ID, "--dry-run"], 78, 67),
    (&["key", "rotate", "--dry-run"], 78, 0),
    (&["config", "check"], 0, 0),
    (&["config", "show"], 0, 0),
    (&["openapi"], 0, 0),
    (&["asyncapi"], 0, 0),
    (&["completions", "bash"], 0, 0),
    (&["help"], 0, 0),
];

/// Every file below the folder, with its content. SQLite makes two more beside a database while it is read.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.display().to_string();
        if name.ends_with("-shm") || name.ends_with("-wal") {
            continue;
        }
        if path.is_dir() {
            found.extend(files(&path));
            found.insert(name, Vec::new());
        } else {
            found.insert(name, fs::read(&path).unwrap());
        }
    }
    found
}

both_backends! {
    async fn reading_creates_nothing(backend: Backend) {
        let empty = Installation::on(backend).await;
        let migrated = Installation::migrated(backend).await;
        if backend == Backend::Sqlite {
            // The write-ahead log may still hold pages, if the migration ended before it could copy them. A
            // command that closes the database would copy them, and change the file but not its content.
            migrated.execute("PRAGMA wal_checkpoint(TRUNCATE)").await;
        }
        for (arguments, on_empty, on_migrated) in READING {
            match (on_empty, backend) {
                (2 | 65 | 78, Backend::Sqlite) => {
                    let path = empty.path("data/svc.db");
                    let reason = format!("there is no database at {}", path.display());
                    empty.run_with_input(arguments, ID).refused(78, &["database.url", &reason, "in the folder of the service"]);
                }
                (78, Backend::Postgres) => drop(empty.run_with_input(arguments, ID).refused(78, &["run `svc migrate`"])),
                _ => drop(empty.run_with_input(arguments, ID).expect(on_empty)),
            }
            assert!(empty.files().is_empty(), "{arguments:?} created {:?}", empty.files());
            let before = files(&migrated.path(""));
            migrated.run_with_input(arguments, ID).expect(on_migrated);
            let after = files(&migrated.path(""));
            let names = before.keys().chain(after.keys());
            let changed: Vec<_> = names.filter(|name| before.get(*name) != after.get(*name)).collect();
            assert!(changed.is_empty(), "{arguments:?} changed {changed:?}");
        }
        let states = empty.run(&["migrate", "status"]).expect(0).json();
        assert!(states.as_array().unwrap().iter().all(|row| row["state"] == "pending"), "{states}");
        let states = migrated.run(&["migrate", "status"]).expect(0).json();
        assert!(states.as_array().unwrap().iter().all(|row| row["state"] == "applied"), "{states}");
    }
}

/// Commands that are the service, or write elsewhere, or ask a running service.
const OTHERS: [&str; 7] =
    ["serve", "consume", "migrate up", "man", "doctor", "healthcheck", "user set-metadata"];

/// `doctor` has its tests, and `set-metadata` needs a file.
#[test]
fn every_command_reads_or_changes() {
    let lists = READING.iter().map(|(words, ..)| *words).chain(CHANGING).chain(CREATING);
    let lines: Vec<String> = lists.map(|words| words.join(" ")).collect();
    for name in names(&Cli::command()) {
        let is_listed = lines.iter().any(|line| *line == name || line.starts_with(&format!("{name} ")));
        assert!(is_listed || OTHERS.contains(&&*name), "svc {name} is in no list");
    }
}
