//! Tables on terminals of different widths, and empty lists.

use serde_json::json;

use super::user::{UNKNOWN, create, log_in};
use crate::support::app::PASSWORD;
use crate::support::process::{Installation, Serving, until};
use crate::support::{Backend, both_backends};

const LONG_EMAIL: &str =
    "a.person.with.a.long.name.and.a.long.address@department.of.a.very.long.example.example.com";

/// Every command that prints a table of what there is, with its input.
fn reading<'a>(session: &'a str, event: &'a str) -> Vec<(Vec<&'a str>, &'a str)> {
    vec![
        (vec!["user", "list"], ""),
        (vec!["user", "show", LONG_EMAIL], ""),
        (vec!["session", "list"], ""),
        (vec!["session", "list", "--ended"], ""),
        (vec!["session", "show", session], ""),
        (vec!["session", "explain"], session),
        (vec!["event", "list"], ""),
        (vec!["event", "show", event], ""),
        (vec!["event", "stats"], ""),
        (vec!["audit", "list"], ""),
        (vec!["ban", "list"], ""),
        (vec!["key", "list"], ""),
        (vec!["migrate", "status"], ""),
        (vec!["config", "show"], ""),
        (vec!["config", "check"], ""),
        (vec!["doctor"], ""),
    ]
}

/// Starts with a banned user who has long names, and whose client has a long agent.
async fn started(backend: Backend) -> (Installation, Serving, String) {
    let installation = Installation::migrated(backend).await;
    let serving = installation.serve_with(&["--with-worker"]);
    serving.ready().await;
    create(&installation, LONG_EMAIL, &["--name", "Long ".repeat(18).trim()]);
    let request = serving.client.request(reqwest::Method::POST, "/api/v1/auth/login");
    let body = json!({ "email": LONG_EMAIL, "password": PASSWORD });
    let agent = format!("agent/{}", "x".repeat(200));
    let answer = serving.client.answer(request.header("User-Agent", agent).json(&body)).await.expect(200);
    let login = crate::support::app::Login::of(&answer);
    installation.run(&["session", "revoke", "--user", LONG_EMAIL, "--yes"]).expect(0);
    log_in(&serving, LONG_EMAIL).await;
    let reason = "a reason of many words ".repeat(8);
    installation.run(&["ban", "add", "--email", LONG_EMAIL, "--reason", reason.trim()]).expect(0);
    let audited = "SELECT CAST(count(*) AS text) FROM audit WHERE type = 'svc.ban.added.v1'";
    until(async || installation.texts(audited).await == ["1"]).await;
    (installation, serving, login.session_id())
}

both_backends! {
    async fn every_table_fits_80_columns_and_shows_all_of_it_on_a_wide_terminal(backend: Backend) {
        let (installation, serving, session) = started(backend).await;
        let events = installation.run(&["event", "list", "--limit", "1"]).expect(0).json();
        let event = events[0]["id"].as_str().unwrap();
        for (arguments, input) in reading(&session, event) {
            let arguments = [&arguments[..], &["-o", "table"]].concat();
            let ran = installation.run_with(&arguments, input, &[("COLUMNS", "80")]);
            let wide = ran.stdout.lines().find(|line| line.chars().count() > 80);
            assert_eq!(wide, None, "{arguments:?}: {}", ran.stdout);
            assert!(!ran.stdout.contains("{\""), "JSON in the table of {arguments:?}: {}", ran.stdout);
        }
        // In a pipe, a program finds whole values.
        let whole = |arguments: &[&str]| installation.run(&[arguments, &["-o", "table"]].concat()).expect(0).stdout;
        let agent = format!("agent/{}", "x".repeat(200));
        assert!(whole(&["session", "show", &session]).contains(&agent));
        assert!(whole(&["audit", "list"]).contains("a reason of many words a reason"), "{}", whole(&["audit", "list"]));
        for arguments in [&["session", "list"][..], &["user", "list"]] {
            assert!(whole(arguments).lines().nth(1).unwrap().contains(LONG_EMAIL), "{}", whole(arguments));
        }
        let ended = whole(&["session", "list", "--ended"]);
        assert!(ended.contains(&format!("{session}  ended_by_admin ")), "{ended}");
        serving.terminate();
        serving.ended().expect(0);

        let shown = |columns, arguments: &[&str]| {
            let terminal = installation.on_terminal_of(columns, arguments)?;
            Some(terminal.ended().expect(0).stdout.replace('\r', ""))
        };
        let Some(sessions) = shown(200, &["session", "list", "--ended"]) else { return };
        for text in [&*session, "ended_by_admin", LONG_EMAIL, "STATE", "LAST USED AT", "REVOKED AT"] {
            assert!(sessions.contains(text), "{text} is not in {sessions}");
        }
        assert!(shown(200, &["user", "list"]).unwrap().contains(LONG_EMAIL));
        let key = installation.run(&["key", "list"]).expect(0).json()[0]["id"].as_str().unwrap().to_owned();
        assert!(shown(200, &["key", "list"]).unwrap().contains(&key));
        // Too narrow for a table: a paragraph for each entry, with whole identifiers.
        for arguments in [&["session", "list", "--ended"][..], &["user", "list"], &["key", "list"]] {
            let narrow = shown(50, arguments).unwrap();
            assert!(narrow.lines().skip(1).all(|line| line.chars().count() <= 50), "{narrow}");
            let first = narrow.lines().find(|line| line.starts_with("id ")).unwrap_or_else(|| panic!("{narrow}"));
            let id = first.trim_start_matches("id").trim();
            assert!(id.len() == 36 || key.starts_with(id), "{narrow}");
        }
    }

    async fn an_empty_list_says_so_on_stderr(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        for (arguments, what) in [
            (&["user", "list"][..], "no users"),
            (&["session", "list"], "no sessions"),
            (&["event", "list"], "no events"),
            (&["event", "dead"], "no dead letters"),
            (&["audit", "list"], "no audit entries; `svc event stats` shows the events that wait for the worker"),
            (&["ban", "list"], "no bans"),
            (&["key", "list"], "no keys"),
        ] {
            let table = installation.run(&[arguments, &["-o", "table"]].concat()).expect(0);
            assert_eq!((table.stdout.as_str(), table.stderr.trim()), ("", what), "{arguments:?}");
            let json = installation.run(&[arguments, &["-o", "json"]].concat()).expect(0);
            assert_eq!((json.json(), json.stderr.as_str()), (json!([]), ""), "{arguments:?}");
        }
        installation.run(&["user", "show", UNKNOWN, "-o", "table"]).refused(67, &["no user has the ID"]);
    }
}
