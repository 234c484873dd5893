//! Command lines that are not accepted: one clear line, and the exit code 2.

use crate::support::process::{Installation, Ran};

const ID: &str = "01990000-0000-7000-8000-000000000000";

/// Panics unless the first line is `svc: ` with this text, and at most a line with the usage follows.
#[track_caller]
fn in_one_line(ran: Ran, text: &str) {
    let lines: Vec<&str> = ran.stderr.lines().collect();
    assert!(lines.len() <= 2 && lines[1..].iter().all(|line| line.starts_with("Usage: svc ")), "{ran:?}");
    assert!(lines[0].starts_with("svc: ") && lines[0].contains(text), "{text} is not in {ran:?}");
    ran.refused(2, &[]);
}

#[test]
fn a_wrong_command_line_is_refused_in_one_line() {
    let installation = Installation::default();
    for (arguments, text) in [
        (&["usr", "list"][..], "unrecognized subcommand 'usr'; a similar subcommand exists: 'user'"),
        (&["user", "show"], "the following required arguments were not provided: <ID|EMAIL>"),
        (
            &["user", "list", "--rol", "admin"],
            "unexpected argument '--rol' found; a similar argument exists: '--role'",
        ),
        (
            &["user", "list", "--role", "admn"],
            "[possible values: user, admin]; a similar value exists: 'admin'",
        ),
        (
            &["user", "set-role", ID, "root"],
            "invalid value 'root' for '<ROLE>' [possible values: user, admin]",
        ),
        (&["serve", "-q", "-v"], "cannot be used with '--"),
        (&["serve", "--with-worker", "--no-worker"], "cannot be used with '--"),
        (&["completions", "tcsh"], "[possible values: bash, zsh, fish, powershell]"),
    ] {
        in_one_line(installation.run(arguments), text);
    }
}

/// clap would take a value that begins with a hyphen for an option.
#[test]
fn a_negative_value_is_refused_by_its_name() {
    let installation = Installation::default().patient();
    installation.run(&["migrate"]).expect(0);
    let duration = "expected a duration such as 15m, 2h or 30days";
    let since = "expected an age such as 24h, or a time such as 2026-01-31T12:00:00Z";
    let limit = "-1 is not in 1..=10000";
    for (arguments, option, reason) in [
        (&["user", "list", "--limit", "-1"][..], "'--limit <N>'", limit),
        (&["session", "list", "--limit", "-1"], "'--limit <N>'", limit),
        (&["event", "list", "--limit", "-1"], "'--limit <N>'", limit),
        (&["audit", "list", "--since", "-5m"], "--since", since),
        (&["event", "replay", "--since", "-5m"], "--since", since),
        (&["issue-token", "--user", ID, "--ttl", "-5m"], "'--ttl <DURATION>'", duration),
        (&["ban", "add", "203.0.113.9", "--for", "-5m"], "'--for <DURATION>'", duration),
        (&["ban", "add", "203.0.113.9", "--until", "-5m"], "--until", "RFC 3339"),
        (&["serve", "--wait", "-1"], "'--wait <SECS>'", "expected a number of seconds"),
        (&["consume", "--wait", "-1"], "'--wait <SECS>'", "expected a number of seconds"),
    ] {
        let ran = installation.run(arguments);
        assert!(ran.stderr.contains(option), "{ran:?}");
        in_one_line(ran, reason);
    }
}

#[test]
fn help_and_versions_are_printed_as_they_are() {
    let installation = Installation::default();
    assert!(installation.run(&["--version"]).expect(0).stdout.starts_with("svc "));
    assert!(installation.run(&["user", "-h"]).expect(0).stdout.starts_with("List, show and change users\n"));
    installation.run(&["user"]).refused(2, &["Usage: svc user", "set-role"]);
}

#[test]
fn a_dry_run_wins_over_yes() {
    let installation = Installation::default().patient();
    installation.run(&["migrate"]).expect(0);
    let create = ["create-user", "--email", "ada@example.com", "--generate-password"];
    installation.run(&create).expect(0);
    let delete = ["user", "delete", "ada@example.com", "--yes", "--dry-run"];
    assert_eq!(installation.run(&delete).expect(0).json()["dry_run"], true);
    let replay = ["event", "replay", "--since", "1h", "--yes", "--dry-run"];
    assert_eq!(installation.run(&replay).expect(0).json()["dry_run"], true);
    installation.run(&["user", "show", "ada@example.com"]).expect(0);
}
