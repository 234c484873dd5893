use std::ffi::OsStr;
use std::sync::OnceLock;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Command};

use super::exit::{CliError, Exit};
use super::output::Output;

#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  svc help event replay\n  svc help exit-codes")]
pub(super) struct Args {
    /// Command, such as `event list`, or the topic exit-codes [default: all commands]
    #[arg(value_name = "COMMAND|TOPIC", hide_possible_values = true)]
    words: Vec<String>,
}

const TOPICS: [&str; 1] = ["exit-codes"];

/// A name this similar to a word may be what was meant.
const ALIKE: f64 = 0.6;

/// The first words that shells complete.
static FIRST: OnceLock<Vec<String>> = OnceLock::new();

/// Accepts any word, since `run` says what is wrong with it, and offers the commands of a root.
#[derive(Clone, Debug)]
pub(super) struct Words(pub fn() -> Command);

impl TypedValueParser for Words {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let first = FIRST.get_or_init(|| {
            let command = (self.0)();
            let commands = command.get_subcommands().map(Command::get_name);
            commands.chain(TOPICS).map(str::to_owned).collect()
        });
        Some(Box::new(first.iter().map(|name| PossibleValue::new(name.as_str()))))
    }
}

pub(super) fn run(args: &Args, command: &Command) -> Result<(), CliError> {
    if args.words == ["exit-codes"] {
        return Output::print_text(&exit_codes());
    }
    let mut found = command;
    for (place, word) in args.words.iter().enumerate() {
        found = found
            .find_subcommand(word)
            .ok_or_else(|| unknown(found, args.words.get(..place).unwrap_or_default(), word))?;
    }
    let words = args.words.iter().map(String::as_str);
    let asked = command.clone().try_get_matches_from(["svc"].into_iter().chain(words).chain(["--help"]));
    match asked {
        Err(help) if help.kind() == ErrorKind::DisplayHelp => Output::print_text(&help.to_string()),
        // The words end with `--help`, which always ends the parsing.
        Err(_) | Ok(_) => Err(CliError::new(Exit::Usage, "expected the names of a command")),
    }
}

/// The error where a command has no subcommand of this name. It suggests a similar one, or lists all.
fn unknown(command: &Command, before: &[String], word: &str) -> CliError {
    let path = [&["svc".to_owned()], before].concat().join(" ");
    let mut names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
    if before.is_empty() {
        names.extend(TOPICS);
    }
    let likeness = |name: &str| {
        let begins = name.starts_with(word) && !word.is_empty();
        if begins { 1.0 } else { strsim::normalized_damerau_levenshtein(word, name) }
    };
    let nearest = names.iter().map(|name| (*name, likeness(name))).max_by(|(_, a), (_, b)| a.total_cmp(b));
    let advice = match nearest {
        Some((name, likeness)) if likeness >= ALIKE => format!("did you mean {name}?"),
        _ if names.is_empty() => format!("{path} has no subcommands"),
        _ => format!("expected one of {}", names.join(", ")),
    };
    CliError::new(Exit::Usage, format!("{path} has no command or topic {word:?}: {advice}"))
}

fn exit_codes() -> String {
    let ours = Exit::MEANINGS.iter().map(|(code, means)| format!("{code:>5}  {means}"));
    let lines = std::iter::once("    0  success".to_owned()).chain(ours);
    let signals =
        "  130  a second SIGINT while the service stops\n  143  a second SIGTERM while the service stops";
    format!("Exit codes of svc:\n\n{}\n{signals}", lines.collect::<Vec<_>>().join("\n"))
}
