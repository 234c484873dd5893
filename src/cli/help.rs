use clap::Command;
use clap::error::ErrorKind;

use super::exit::{CliError, Exit};
use super::output::Output;

#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  svc help event replay\n  svc help exit-codes")]
pub(super) struct Args {
    /// Command, such as `event list`, or the topic exit-codes [default: all commands]
    #[arg(value_name = "COMMAND|TOPIC")]
    words: Vec<String>,
}

pub(super) fn run(args: &Args, command: Command) -> Result<(), CliError> {
    if args.words == ["exit-codes"] {
        return Output::print_text(&exit_codes());
    }
    let words = args.words.iter().map(String::as_str);
    let asked = command.try_get_matches_from(["svc"].into_iter().chain(words).chain(["--help"]));
    match asked {
        Err(help) if help.kind() == ErrorKind::DisplayHelp => Output::print_text(&help.to_string()),
        Err(error) => {
            let text = error.to_string();
            let text = text.strip_prefix("error: ").unwrap_or(&text).trim_end();
            Err(CliError::new(Exit::Usage, format!("{text}\nThe topics of svc help are: exit-codes")))
        }
        // The words end with `--help`, which always ends the parsing.
        Ok(_) => Err(CliError::new(Exit::Usage, "expected the names of a command")),
    }
}

fn exit_codes() -> String {
    let ours = Exit::MEANINGS.iter().map(|(code, means)| format!("{code:>5}  {means}"));
    let lines = std::iter::once("    0  success".to_owned()).chain(ours);
    let signals =
        "  130  a second SIGINT while the service stops\n  143  a second SIGTERM while the service stops";
    format!("Exit codes of svc:\n\n{}\n{signals}", lines.collect::<Vec<_>>().join("\n"))
}
