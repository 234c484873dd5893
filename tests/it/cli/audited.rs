//! Each command that changes something leaves a row in the audit trail, with the operator who ran it.

use std::collections::BTreeSet;

use clap::CommandFactory;
use serde_json::{Value, json};
use svc::cli::Cli;

use crate::cli::key::with_key;
use crate::cli::killed::COMMANDS;
use crate::cli::reads::READING;
use crate::cli::user::{create, operator, text};
use crate::support::app::PASSWORD;
use crate::support::commands::names;
use crate::support::process::{Installation, until};
use crate::support::{Backend, both_backends, environment, rabbit};

/// Commands beside those of `killed`, each with its event, which come before them. `{event}` is the ID of an
/// event, and `{session}` that of a session.
const MORE: [(&[&str], &str); 6] = [
    (&["create-user", "--email", "bea@example.com", "--password-stdin"], "svc.user.registered.v1"),
    (&["session", "revoke", "{session}", "--yes"], "svc.session.revoked.v1"),
    (&["event", "replay", "{event}"], "svc.event.replayed.v1"),
    (&["event", "discard", "--yes"], "svc.dead_letter.discarded.v1"),
    (&["event", "replay", "--dead", "--yes"], "svc.event.replayed.v1"),
    (&["event", "replay", "--since", "1h", "--yes"], "svc.event.replayed.v1"),
];

/// Commands that are the service or ask it, write files only, or change the schema, which has its own list of
/// changes. Commands of `READING` are tested to change nothing.
const OTHERS: [&str; 6] = ["serve", "consume", "healthcheck", "doctor", "man", "migrate up"];

/// The events so far, oldest first, each as `TYPE ACTOR`.
async fn events(installation: &Installation) -> Vec<String> {
    installation.texts("SELECT type || ' ' || actor FROM outbox ORDER BY seq").await
}

/// Runs a worker until all events of operators are in the audit trail.
async fn work(installation: &Installation) {
    let mut worker = installation.start_quietly(&["consume"], &[]);
    let of = async |table: &str, id: &str| {
        let sql = format!("SELECT type FROM {table} WHERE actor = 'operator' ORDER BY {id}");
        installation.texts(&sql).await
    };
    until(async || of("outbox", "id").await == of("audit", "event_id").await).await;
    worker.kill().unwrap();
    worker.wait().unwrap();
}

both_backends! {
    async fn each_change_has_a_row_with_the_operator(backend: Backend) {
        if let Err(missing) = rabbit::look().await {
            return environment::skip(missing);
        }
        let broker = rabbit::Namespace::shared();
        let installation = broker.carries_for(Installation::migrated(backend).await);
        let installation = installation.file("metadata.json", r#"{"plan": "pro"}"#);
        create(&installation, "ada@example.com", &[]);
        create(&installation, "root@example.com", &["--role", "admin"]);
        let issue = || installation.run(&["issue-token", "--user", "ada@example.com"]).expect(0).json();
        issue();
        issue();
        let issued = issue();
        // It declares the queues, and relays the events, which can be replayed then.
        work(&installation).await;
        let admin = broker.admin().await;
        admin.publish(&broker.dead_letters(), "", "poison").await;
        until(async || admin.depth(&broker.dead_letters()).await == 1).await;
        installation.execute("UPDATE inbox SET state = 'dead', done_at = NULL WHERE handler = 'audit'").await;
        let listed = installation.run(&["event", "list"]).expect(0).json();
        let event = text(listed.as_array().unwrap().last().unwrap(), "id").to_owned();

        let mut ran = BTreeSet::new();
        for (arguments, event_type) in MORE.into_iter().chain(COMMANDS) {
            let word = |word: &&str| match *word {
                "{event}" => event.clone(),
                "{session}" => text(&issued, "session_id").to_owned(),
                word => with_key(&installation, word),
            };
            let words: Vec<String> = arguments.iter().map(word).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let before = events(&installation).await;
            installation.run_with_input(&words, PASSWORD).expect(0);
            let after = events(&installation).await;
            let appended = after.strip_prefix(&*before).unwrap();
            assert!(appended.contains(&format!("{event_type} operator")), "{arguments:?}: {appended:?}");
            ran.insert(arguments.join(" "));
        }
        work(&installation).await;
        let rows = installation.run(&["audit", "list", "--limit", "10000"]).expect(0).json();
        let rows: Vec<&Value> = rows.as_array().unwrap().iter().filter(|row| row["actor"] == "operator").collect();
        assert!(rows.len() >= MORE.len() + COMMANDS.len(), "{rows:#?}");
        for row in &rows {
            assert_eq!(row["data"]["operator"], json!(operator()), "{row:#}");
        }
        let replays: Vec<&Value> =
            rows.iter().filter(|row| row["type"] == "svc.event.replayed.v1").map(|row| &row["data"]).collect();
        let [since, dead, one] = &*replays else { panic!("{replays:#?}") };
        assert_eq!((&one["event_id"], &one["since"], &one["requeued"]), (&json!(event), &Value::Null, &json!(1)));
        assert!(one["replayed"] == 1 && since["since"].is_string() && since["event_id"].is_null(), "{replays:#?}");
        assert!(dead["since"].is_null() && dead["event_id"].is_null() && dead["returned"] == 0, "{dead:#}");

        let is = |line: &str, name: &str| line == name || line.starts_with(&format!("{name} "));
        let reading: Vec<String> = READING.iter().map(|(words, ..)| words.join(" ")).collect();
        for name in names(&Cli::command()) {
            let reads = reading.iter().any(|line| is(line, &name) && !line.contains("--dry-run"));
            let known = reads || OTHERS.contains(&&*name) || ran.iter().any(|line| is(line, &name));
            assert!(known, "svc {name} is in no list: if it changes something, add it to the commands of `killed`");
        }
    }
}
