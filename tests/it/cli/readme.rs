//! The commands of README.md work as written.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::process::Command;

use clap::{CommandFactory, Parser};
use serde_json::Value;
use svc::cli::Cli;

use crate::support::environment;
use crate::support::process::Installation;

const README: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"));

/// Returns the shell block after a text.
pub(super) fn block_after(text: &str) -> &'static str {
    let (_, rest) = README.split_once(text).unwrap();
    let (_, block) = rest.split_once("```sh\n").unwrap();
    block.split_once("```").unwrap().0
}

/// Runs the tour as a reader would who pastes it, with curl and sed from the PATH.
fn tour(api: &str) -> Vec<Value> {
    let path = environment::variable("PATH").unwrap();
    match Command::new("curl").arg("--version").output() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            panic!("install curl: the tour in README.md needs it")
        }
        found => drop(found.unwrap()),
    }
    let ran = Command::new("sh")
        .args(["-e", "-c", block_after("<!-- tour")])
        .env_clear()
        .envs([("API", api), ("PATH", &path)])
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert_eq!(String::from_utf8_lossy(&ran.stderr), "");
    serde_json::Deserializer::from_slice(&ran.stdout).into_iter().map(Result::unwrap).collect()
}

#[tokio::test]
async fn the_tour_works_unchanged() {
    let installation = Installation::default().patient();
    let serving = installation.serve();
    let base = serving.client.base.clone();
    let printed = tokio::task::spawn_blocking(move || tour(&base)).await.unwrap();
    let [registered, me, renamed, sessions, problem] = &printed[..] else { panic!("{printed:#?}") };
    assert_eq!((&registered["email"], &registered["name"]), (&"ada@example.com".into(), &"Ada".into()));
    assert_eq!(me, registered);
    assert_eq!((&renamed["id"], &renamed["name"]), (&me["id"], &"Ada Lovelace".into()));
    assert_eq!(sessions["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(sessions["items"][0]["current"], true);
    assert_eq!((&problem["status"], &problem["code"]), (&422.into(), &"validation_failed".into()));
    assert_eq!(problem["errors"].as_array().map(Vec::len), Some(2), "{problem}");
    let ended = installation.texts("SELECT revoked_reason FROM sessions").await;
    assert_eq!(ended, ["logged_out"]);
}

#[test]
fn the_first_commands_are_there() {
    let begin = README.split_once("<!-- tour").unwrap().0;
    for command in ["cargo run -- serve", "cargo test"] {
        assert!(begin.contains(&format!("```sh\n{command}")), "{command}");
    }
}

/// Returns every command line of `svc` in the text: those in blocks, and those between backticks.
fn command_lines() -> BTreeSet<&'static str> {
    let spans = README.split('`').filter_map(|span| span.strip_prefix("svc "));
    let lines = README.lines().flat_map(|line| line.split("&&")).map(str::trim);
    let lines = lines.filter_map(|line| {
        ["cargo run -- ", "target/debug/svc ", "svc "].iter().find_map(|start| line.strip_prefix(start))
    });
    spans.chain(lines).map(|line| line.split('#').next().unwrap().trim()).collect()
}

/// Returns a line with all optional parts, and with the first or the second of each `this\|that`.
fn words(line: &str, choice: usize) -> Vec<String> {
    let line = line.replace(['[', ']'], "").replace("URL", "http://localhost");
    let chosen = |word: &str| {
        let alternatives: Vec<&str> = word.split("\\|").collect();
        match alternatives[choice.min(alternatives.len() - 1)] {
            "ID" => "01990000-0000-7000-8000-000000000000".to_owned(),
            word => word.to_owned(),
        }
    };
    std::iter::once("svc").chain(line.split_whitespace()).map(chosen).collect()
}

#[test]
fn every_command_line_is_accepted_by_svc() {
    let lines = command_lines();
    for line in &lines {
        for choice in [0, 1] {
            let parsed = Cli::try_parse_from(words(line, choice));
            assert!(parsed.is_ok(), "svc {line}: {}", parsed.unwrap_err());
        }
    }
    for name in Cli::command().get_subcommands().map(clap::Command::get_name) {
        assert!(lines.iter().any(|line| line.starts_with(name)), "svc {name} is not in README.md");
    }
}
