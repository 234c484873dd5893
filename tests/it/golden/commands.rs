//! The JSON of every command, and that its long help names all members.

use std::collections::{BTreeMap, BTreeSet};

use clap::CommandFactory;
use serde_json::{Map, Value, json};
use svc::cli::Cli;

use super::check;
use super::stable::{stable, stable_text};
use crate::cli::user::{create, log_in, text};
use crate::support::Backend;
use crate::support::app::PASSWORD;
use crate::support::commands::names;
use crate::support::process::{Installation, Serving, until};
use crate::support::rabbit;

/// Commands that print no JSON, and two whose documents have golden files of their own.
const OTHERS: [&str; 7] = ["serve", "consume", "completions", "man", "help", "openapi", "asyncapi"];

/// The members of a user, which the help describes as `GET /api/v1/users/ID shows it`.
const USER: [&str; 11] = [
    "id",
    "email",
    "email_verified",
    "name",
    "locale",
    "role",
    "status",
    "metadata",
    "app_metadata",
    "created_at",
    "updated_at",
];

/// The recorded JSON, by its command.
#[derive(Default)]
struct Shapes {
    shown: Map<String, Value>,
    /// The members of the output of each command, by its name.
    members: BTreeMap<String, BTreeSet<String>>,
}

impl Shapes {
    /// Runs a command and records its output. The first words name the command.
    fn record(&mut self, installation: &Installation, arguments: &[&str], input: &str) -> Value {
        let ran = installation.run_with_input(arguments, input).expect(0).json();
        let all = names(&Cli::command());
        let line = arguments.join(" ");
        let first = ran.as_array().map_or(&ran, |list| list.first().unwrap_or_else(|| panic!("no {line}")));
        let members = first.as_object().unwrap().keys().cloned();
        let name = all.iter().find(|name| line == **name || line.starts_with(&format!("{name} ")));
        self.members.entry(name.unwrap().clone()).or_default().extend(members);
        self.shown.insert(format!("svc {}", stable_text(&line)), stable(&ran));
        ran
    }
}

async fn users(shapes: &mut Shapes, installation: &Installation, serving: &Serving) {
    let mut run =
        |line: &str, input: &str| shapes.record(installation, &line.split(' ').collect::<Vec<_>>(), input);
    run("user create --email ada@example.com --name Ada --role admin --password-stdin", PASSWORD);
    run("create-user --email eva@example.com --generate-password", "");
    let root = create(installation, "root@example.com", &["--role", "admin", "--verified"]);
    let root = text(&root, "id");
    let login = log_in(serving, "ada@example.com").await;
    let issued = run(&format!("issue-token --user {root} --refresh"), "");
    let (session, token) = (text(&issued, "session_id"), text(&issued, "access_token"));
    // The audit entries come from the worker.
    let audited = async || {
        let waiting = "SELECT CAST(count(*) AS text) FROM inbox WHERE state <> 'done'";
        let shown = installation.run(&["user", "show", "ada@example.com"]).expect(0).json();
        shown["audit"].as_array().unwrap().len() == 2 && installation.texts(waiting).await == ["0"]
    };
    until(audited).await;

    let events = run("event list --user ada@example.com --type user.registered", "");
    let event = text(&events[0], "id");
    run("audit list --user ada@example.com --limit 1", "");
    run("user list --limit 1", "");
    run("user show ada@example.com", "");
    run("user invite gus@example.com", "");
    run("invitation list", "");
    run("invitation resend gus@example.com", "");
    run("invitation revoke gus@example.com --yes", "");
    run("user set-metadata ada@example.com -", "{\"theme\": \"dark\"}");
    run("user verify-email ada@example.com", "");
    run("user rename ada@example.com Lovelace", "");
    run("user set-role ada@example.com user", "");
    run("session list", "");
    run(&format!("session show {session}"), "");
    run("session explain", &login.refresh);
    run("token inspect", token);
    run("user set-password ada@example.com --keep-sessions --dry-run", "");
    run("user lock ada@example.com --yes", "");
    run(&format!("session revoke --user {root} --yes"), "");
    run("session explain -o json", token);
    run("user unlock ada@example.com", "");
    run("user delete ada@example.com --yes", "");

    let dead = "INSERT INTO inbox (event_id, handler, seq, subject, state, attempts, available_at, last_error) \
        SELECT id, 'gone', seq, subject, 'dead', 10, occurred_at, 'no room' FROM outbox WHERE id = ";
    installation.execute(&format!("{dead}X'{}'", event.replace('-', ""))).await;
    run(&format!("event show {event}"), "");
    run("event dead", "");
    run("event stats", "");
    run("event replay --dead --dry-run", "");
}

async fn keys(shapes: &mut Shapes, installation: &Installation, serving: &Serving) {
    create(installation, "bea@example.com", &[]);
    log_in(serving, "bea@example.com").await;
    let mut run = |line: &str| shapes.record(installation, &line.split(' ').collect::<Vec<_>>(), "");
    run("key generate");
    run("key rotate");
    let keys = run("key list");
    let key = |status: &str| {
        let found = keys.as_array().unwrap().iter().find(|key| key["status"] == status);
        text(found.unwrap(), "id").to_owned()
    };
    let (first, second) = (key("active"), key("pending"));
    // An ID may begin with a hyphen.
    run(&format!("key activate --force --yes -- {second}"));
    run(&format!("key retire --compromised --dry-run -- {first}"));
    run(&format!("key retire --compromised --yes -- {first}"));
    let third = run("key generate");
    run(&format!("key remove --dry-run -- {}", text(&third["changes"][0], "id")));
}

fn others(shapes: &mut Shapes, installation: &Installation, serving: &Serving) {
    let mut run = |line: &str| shapes.record(installation, &line.split(' ').collect::<Vec<_>>(), "");
    run("ban add 203.0.113.7 --for 2h --reason guesses");
    run("ban list");
    run("ban remove 203.0.113.7");
    run("migrate status");
    run("config check");
    run("config show --sources");
    run(&format!("healthcheck {}/health/live", serving.client.base));
}

/// The members of an output that the long help of its command does not name.
fn unnamed(shapes: &Shapes, name: &str) -> Vec<String> {
    let help = |name: &str| {
        let words = name.split(' ').map(str::to_owned);
        let command = words.fold(Cli::command(), |command, word| {
            command.find_subcommand(word).unwrap_or_else(|| panic!("no command {name}")).clone()
        });
        command.get_after_long_help().map(ToString::to_string).unwrap_or_default()
    };
    let text = help(name);
    let mut named = text.clone();
    for other in shapes.members.keys().filter(|other| text.contains(&format!("svc {other} prints"))) {
        named.push_str(&help(other));
    }
    if text.contains("GET /api/v1/users") {
        named.push_str(&USER.join(" "));
    }
    let words: BTreeSet<&str> = named.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    shapes.members[name].iter().filter(|member| !words.contains(&***member)).cloned().collect()
}

#[test]
fn shapes_of_every_command() {
    rabbit::run(async |broker| {
        let installation =
            Installation::migrated(Backend::Sqlite).await.set("SVC_SERVER__PUBLIC_URL", "http://svc.test");
        let serving = installation.serve();
        serving.ready().await;
        let mut shapes = Shapes::default();
        users(&mut shapes, &installation, &serving).await;
        keys(&mut shapes, &installation, &serving).await;
        others(&mut shapes, &installation, &serving);
        serving.terminate();
        serving.ended().expect(0);
        let fresh =
            Installation::on(Backend::Sqlite).await.set("SVC_SERVER__PUBLIC_URL", "http://127.0.0.1:1");
        shapes.record(&fresh, &["migrate", "up"], "");
        shapes.record(&fresh, &["doctor"], "");

        let carried = broker.carries_for(Installation::migrated(Backend::Sqlite).await);
        let mut serving = carried.serve_with(&["--with-worker"]);
        serving.logged("publisher connected to the broker");
        shapes.record(&carried, &["event", "discard", "--yes"], "");
        serving.terminate();
        serving.ended().expect(0);

        check("commands.json", &format!("{:#}", Value::Object(shapes.shown.clone())));
        for name in names(&Cli::command()) {
            let is_recorded = shapes.members.contains_key(&name);
            assert!(is_recorded != OTHERS.contains(&&*name), "commands.json has no output of svc {name}");
            if is_recorded {
                assert_eq!(unnamed(&shapes, &name), [] as [String; 0], "of svc {name} in its long help");
            }
        }
    });
}

#[test]
fn what_differs_from_run_to_run_is_replaced() {
    let key = "x".repeat(43);
    let text = format!("01990000-0000-7000-8000-000000000000 at 2026-01-31T12:00:00Z by {key}, {key}x");
    assert_eq!(stable(&json!(text)), json!(format!("ID at TIME by KEY, {key}x")));
}
