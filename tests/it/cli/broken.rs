//! Databases and keys that cannot be used: each command names the setting, where it was set and what to do.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use crate::support::process::Installation;
use crate::support::{Backend, database};

/// Nothing listens on the port.
const UNREACHABLE: &str = "postgres://svc:hunter2@127.0.0.1:1/svc";
const SECRET_KEY: &str = "pX9ZtS3vQm7LwR2cYb8NkF5hJd1GaV6e";
const NEW_USER: [&str; 4] = ["create-user", "--email", "ada@example.com", "--generate-password"];

fn chmod(installation: &Installation, name: &str, mode: u32) {
    fs::set_permissions(installation.path(name), Permissions::from_mode(mode)).unwrap();
}

#[test]
fn an_unreachable_database_ends_a_command_and_names_the_setting() {
    let quick = || Installation::default().set("SVC_DATABASE__ACQUIRE_TIMEOUT", "50ms");
    let by_variable = quick().set("SVC_DATABASE__URL", UNREACHABLE);
    let by_platform = quick().set("DATABASE_URL", UNREACHABLE);
    let by_file = quick().file("svc.toml", format!("[database]\nurl = '{UNREACHABLE}'"));
    let by_secret = quick().set("SVC_DATABASE__URL_FILE", "url").file("url", UNREACHABLE);
    let by_secret = by_secret.set("SVC_SECURITY__SECRET_KEY", SECRET_KEY);
    for (installation, arguments, origin) in [
        (
            &by_variable,
            &["serve", "--wait", "0", "--set", "server.listen=127.0.0.1:0"][..],
            "variable SVC_DATABASE__URL",
        ),
        (
            &by_platform,
            &["serve", "--wait", "1", "--set", "server.listen=127.0.0.1:0"],
            "variable DATABASE_URL",
        ),
        (&by_variable, &["migrate"], "variable SVC_DATABASE__URL"),
        (&by_platform, &["migrate", "status"], "variable DATABASE_URL"),
        (&by_file, &NEW_USER, "set by: svc.toml"),
        (&by_secret, &["issue-token", "--user", "ada@example.com"], "file url named by"),
    ] {
        let expected =
            ["database.url: postgres://svc:****@127.0.0.1:1/svc", origin, "change: `url` under [database]"];
        installation.run(arguments).refused(69, &expected).hides("hunter2");
    }
}

#[tokio::test]
async fn the_service_waits_for_a_database_and_reports_that_it_is_not_ready() {
    let installation = Installation::default()
        .set("SVC_DATABASE__ACQUIRE_TIMEOUT", "50ms")
        .set("SVC_DATABASE__URL", UNREACHABLE);
    let mut serving = installation.serve();
    serving.logged("not ready: failed to prepare the signing key");
    serving.client.get("/health/live", None).await.expect(200);
    let problem = serving.client.get("/health/ready", None).await.expect(503);
    assert_eq!(problem["detail"], "Not ready. database: down, signing_keys: down.");
    serving.terminate();
    serving.ended().expect(0).hides("hunter2");
}

#[test]
fn a_missing_database_is_named() {
    database::run(Backend::Postgres, |backend| async move {
        let url = backend.empty_database().await.url();
        let installation = Installation::default().set("SVC_DATABASE__URL", &url);
        installation
            .run(&["migrate"])
            .refused(78, &["database.url: postgres", "does not exist", "create it"]);
    });
}

#[test]
fn commands_on_a_server_without_its_tables_say_what_to_run() {
    database::run(Backend::Postgres, |backend| async move {
        let installation = Installation::on(backend).await;
        installation.run(&NEW_USER).refused(78, &["database.url: postgres", "`svc migrate`"]);
    });
}

#[test]
fn a_file_that_is_no_database_is_named_and_left_alone() {
    let garbage = [0xA5; 10_000];
    let installation = Installation::default().file("data/svc.db", garbage);
    for arguments in [&["serve"][..], &["migrate"], &["migrate", "status"], &NEW_USER] {
        let expected = ["database.url: sqlite:data/svc.db", "file is not a database"];
        installation
            .run(&[arguments, &["--set", "server.listen=127.0.0.1:0"]].concat())
            .refused(1, &expected);
    }
    assert!(fs::read(installation.path("data/svc.db")).unwrap() == garbage);
}

#[test]
fn a_folder_or_a_file_that_cannot_be_written_is_named() {
    let installation = Installation::default().unprivileged();
    chmod(&installation, ".", 0o555);
    let expected =
        ["security.secret_key: data/secret.key: Permission denied", "SVC_SECURITY__SECRET_KEY_FILE"];
    installation.run(&["migrate"]).refused(78, &expected);
    let installation = installation.set("SVC_SECURITY__SECRET_KEY", SECRET_KEY);
    let expected = ["database.url: sqlite:data/svc.db", "failed to create data/svc.db: Permission denied"];
    installation.run(&["migrate"]).refused(77, &expected);
    chmod(&installation, ".", 0o755);

    installation.run(&["migrate"]).expect(0);
    chmod(&installation, "data/svc.db", 0o400);
    installation.run(&NEW_USER).refused(77, &["database.url: sqlite:data/svc.db", "readonly database"]);
    chmod(&installation, "data/svc.db", 0o000);
    for arguments in [&["user", "list"][..], &NEW_USER] {
        installation
            .run(arguments)
            .refused(77, &["database.url: sqlite:data/svc.db", "unable to open database file"]);
    }
}

#[test]
fn another_secret_key_than_before_is_refused_with_what_to_do() {
    let installation = Installation::default();
    installation.run(&NEW_USER).expect(0);
    let token = ["issue-token", "--user", "ada@example.com"];
    installation.run(&token).expect(0);
    let first = fs::read_to_string(installation.path("data/secret.key")).unwrap();
    let installation = installation.file("data/secret.key", SECRET_KEY);
    chmod(&installation, "data/secret.key", 0o600);
    let expected = [
        "security.secret_key: ",
        "than the one in data/secret.key. Restore the file that this database was used with",
        "If that key is lost or has leaked, see docs/secret-key.md",
    ];
    let serve = ["serve", "--set", "server.listen=127.0.0.1:0"];
    // Also the commands that make links for mails, or store their tokens.
    for arguments in [&token[..], &serve, &["consume"], &NEW_USER] {
        installation.run(arguments).refused(78, &expected).hides(SECRET_KEY);
    }
    let installation = installation.set("SVC_SECURITY__SECRET_KEY", SECRET_KEY);
    let expected = [
        "than the configured one. Set the key that this database was used with",
        "set by: environment variable SVC_SECURITY__SECRET_KEY",
    ];
    installation.run(&token).refused(78, &expected).hides(SECRET_KEY);

    let installation = Installation::default().file("data/secret.key", &first[..20]);
    let expected =
        ["security.secret_key: data/secret.key: too short for a secret key: at least 32 bytes are required"];
    installation.run(&["migrate"]).refused(78, &expected).hides(&first[..20]);
}
