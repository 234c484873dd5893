//! The public interfaces, frozen: the help, the JSON of commands, the default settings, the HTTP API, events.
//!
//! **Here**: tests that compare the output of the service with the files in this folder.
//! `SVC_TEST_UPDATE_GOLDEN=1 cargo test golden` rewrites them; the diff then shows the changes to a reviewer.
//!
//! **To add one**: a test that calls [`check`].

mod commands;
mod events;
mod mails;
mod stable;

use std::path::Path;

use clap::CommandFactory;
use svc::cli::Cli;

use crate::support::environment;
use crate::support::process::Installation;

/// Panics unless the file contains exactly this text.
#[track_caller]
fn check(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden").join(name);
    let text = format!("{}\n", text.trim_end());
    if environment::variable("SVC_TEST_UPDATE_GOLDEN").as_deref() == Some("1") {
        return std::fs::write(path, text).unwrap();
    }
    let golden = std::fs::read_to_string(path).unwrap_or_default();
    let differs = golden.lines().zip(text.lines()).position(|(golden, now)| golden != now);
    let line = differs.unwrap_or_else(|| golden.lines().count().min(text.lines().count()));
    let at = |text: &str| text.lines().nth(line).unwrap_or("(the end)").to_owned();
    assert!(
        golden == text,
        "{name} has changed, first in line {}:\n- {}\n+ {}\nIf that is meant: SVC_TEST_UPDATE_GOLDEN=1 cargo test golden",
        line + 1,
        at(&golden),
        at(&text),
    );
}

/// Returns the names of every command below this one, itself first.
fn commands(command: &clap::Command, before: &[String]) -> Vec<Vec<String>> {
    let below = command.get_subcommands().flat_map(|command| {
        let path = [before, &[command.get_name().to_owned()]].concat();
        commands(command, &path)
    });
    std::iter::once(before.to_owned()).chain(below).collect()
}

#[test]
fn help_of_every_command() {
    let installation = Installation::default();
    let help = commands(&Cli::command(), &[]).into_iter().map(|command| {
        let arguments: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
        format!("$ svc {}\n{}", arguments.join(" "), installation.run(&arguments).expect(0).stdout)
    });
    check("help.txt", &help.collect::<Vec<_>>().join("\n"));
}

#[test]
fn exit_codes() {
    check("exit-codes.txt", &Installation::default().run(&["help", "exit-codes"]).expect(0).stdout);
}

#[test]
fn completions_of_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let ran = Installation::default().run(&["completions", shell]).expect(0);
        check(&format!("completions.{shell}"), &ran.stdout);
    }
}

/// All pages in one file, each after its name.
#[test]
fn manual_pages() {
    let installation = Installation::default();
    installation.run(&["man", "pages"]).expect(0);
    let pages = std::fs::read_dir(installation.path("pages")).unwrap();
    let mut pages: Vec<_> = pages.map(|page| page.unwrap().path()).collect();
    pages.sort();
    let pages = pages.iter().map(|page| {
        let name = page.file_name().unwrap().to_str().unwrap();
        format!("==> {name} <==\n{}", std::fs::read_to_string(page).unwrap())
    });
    check("man.txt", &pages.collect::<Vec<_>>().join("\n"));
}

#[test]
fn default_settings() {
    // By default there are as many workers as the machine has cores.
    let installation = Installation::default().set("SVC_SECURITY__PASSWORD__WORKERS", "2");
    check("config.json", &installation.run(&["config", "show", "-o", "json"]).expect(0).stdout);
}

#[test]
fn asyncapi_document() {
    check("asyncapi.json", &Installation::default().run(&["asyncapi"]).expect(0).stdout);
}

#[test]
fn openapi_document() {
    let installation = Installation::default().set("SVC_SERVER__PUBLIC_URL", "https://auth.example.com");
    check("openapi.json", &installation.run(&["openapi"]).expect(0).stdout);
}
