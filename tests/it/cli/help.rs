use clap::{CommandFactory, Parser};
use svc::cli::Cli;

use crate::support::commands::names;
use crate::support::process::Installation;

fn long_help(words: &[&str]) -> String {
    Installation::default().run(&[words, &["--help"]].concat()).expect(0).stdout
}

/// Splits a command as a shell does that knows single quotes, pipes and redirections.
fn words(line: &str) -> Vec<String> {
    let line = [" > ", " >> ", " < "].iter().fold(line, |line, end| line.split(end).next().unwrap());
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for c in line.chars() {
        match c {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words
}

fn check_examples(command: &clap::Command, path: &str, checked: &mut usize) {
    let help = command.clone().render_long_help().to_string();
    let (_, examples) =
        help.split_once("Examples:\n").unwrap_or_else(|| panic!("{path} has no examples: {help}"));
    let examples: Vec<&str> = examples.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
    assert!(!examples.is_empty(), "{path}");
    for example in examples.iter().flat_map(|line| line.split(" | ")).filter(|part| part.starts_with("svc "))
    {
        let parsed = Cli::try_parse_from(words(example));
        assert!(parsed.is_ok(), "{example}: {}", parsed.unwrap_err());
        *checked += 1;
    }
    for below in command.get_subcommands() {
        check_examples(below, &format!("{path} {}", below.get_name()), checked);
    }
}

#[test]
fn every_command_has_examples_that_it_accepts() {
    let mut checked = 0;
    check_examples(&Cli::command(), "svc", &mut checked);
    assert!(checked > 40, "{checked}");
}

fn check_lines(command: &clap::Command, path: &str) {
    let text = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    // Paragraphs are wrapped. An example that is wrapped cannot be pasted, and columns would not be aligned.
    let wide = text.lines().find(|line| line.starts_with("  ") && line.chars().count() > 80);
    assert_eq!(wide, None, "{path}");
    for below in command.get_subcommands() {
        check_lines(below, &format!("{path} {}", below.get_name()));
    }
}

#[test]
fn no_example_and_no_column_is_wrapped() {
    check_lines(&Cli::command(), "svc");
}

/// A word that is wider than the terminal cannot be wrapped.
#[test]
fn help_of_every_command_fits_80_columns() {
    let installation = Installation::default();
    for name in names(&Cli::command()) {
        for option in ["-h", "--help"] {
            let words = name.split(' ').chain([option]).collect::<Vec<_>>();
            let help = installation.run(&words).expect(0).stdout;
            let wide = help.lines().find(|line| line.chars().count() > 80);
            assert_eq!(wide, None, "svc {name} {option}");
        }
    }
}

#[test]
fn help_of_a_command_is_what_its_option_prints() {
    let installation = Installation::default();
    for words in [&[][..], &["event"], &["event", "list"], &["help"]] {
        let help = installation.run(&[&["help"], words].concat()).expect(0).stdout;
        assert_eq!(help, long_help(words), "{words:?}");
    }
    let refused = installation.run(&["help", "event", "lst"]);
    refused.refused(2, &["svc: svc event has no command or topic \"lst\": did you mean list?\n"]);
    for (word, meant) in
        [("exit-code", "exit-codes"), ("exit", "exit-codes"), ("sesion", "session"), ("heal", "healthcheck")]
    {
        installation.run(&["help", word]).refused(2, &[&format!("{word:?}: did you mean {meant}?")]);
    }
    installation
        .run(&["help", "nope"])
        .refused(2, &["expected one of serve, consume, migrate", "help, exit-codes\n"]);
    installation.run(&["help", "doctor", "nope"]).refused(2, &["svc doctor has no subcommands"]);
}

#[test]
fn exit_codes_are_a_topic_that_needs_no_settings() {
    let installation = Installation::default().set("SVC_ENVIRONMENT", "nonsense");
    let text = installation.run(&["help", "exit-codes"]).expect(0).stdout;
    let codes: Vec<&str> = text.lines().skip(2).filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(codes, ["0", "1", "2", "65", "67", "69", "73", "74", "77", "78", "130", "143"]);
    let page = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reference.md"));
    for code in codes.iter().filter(|code| **code < "130" || code.len() < 3) {
        assert!(page.contains(&format!("\n| {code} | ")), "docs/reference.md does not explain {code}");
    }
}
