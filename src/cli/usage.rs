use std::io::{self, Write};
use std::process::ExitCode;

use clap::error::ErrorKind;

use super::exit::Exit;
use super::output::unprintable;

/// Prints why a command line was not accepted, in the form of all other errors, and returns the exit code.
/// Help and a version that were asked for are printed as they are.
#[must_use]
pub fn refuse(error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            match error.print().and_then(|()| io::stdout().flush()) {
                _ if error.use_stderr() => Exit::Usage.into(),
                // The reader may have closed the pipe.
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                    let _ = writeln!(io::stderr(), "svc: {}", unprintable(&error));
                    Exit::Io.into()
                }
                Ok(()) | Err(_) => ExitCode::SUCCESS,
            }
        }
        _ => {
            // A closed stderr cannot report the error. The exit code still does.
            let _ = writeln!(io::stderr(), "svc: {}", in_lines(&error.to_string()));
            Exit::Usage.into()
        }
    }
}

/// A list of values that is longer is left out where one of them is suggested.
const LONG: usize = 100;

/// Formats the text of clap as a line that says what is wrong, and a line with the usage, if it has one.
pub(super) fn in_lines(text: &str) -> String {
    let mut reason = String::new();
    let mut usage = String::new();
    let has_similar = text.contains("a similar value exists");
    for block in text.trim().split("\n\n") {
        let block = block.trim();
        if block.starts_with("Usage:") {
            let forms = block.lines().map(str::trim).collect::<Vec<_>>();
            usage = format!("\n{}", forms.join("\n"));
        } else if !block.starts_with("For more information") {
            for (line, text) in block.lines().map(str::trim).enumerate() {
                let text = text.strip_prefix("error: ").unwrap_or(text);
                if has_similar && text.starts_with("[possible values") && text.len() > LONG {
                    continue;
                }
                // What was expected follows a colon or a value; a tip is a sentence of its own.
                let joint = match (text.strip_prefix("tip: "), line) {
                    _ if reason.is_empty() => "",
                    (Some(_), _) => "; ",
                    (None, 1) => " ",
                    (None, _) => ", ",
                };
                reason.push_str(joint);
                reason.push_str(text.strip_prefix("tip: ").unwrap_or(text));
            }
        }
    }
    reason + &usage
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_clap_is_one_line_and_its_usage_another() {
        let text = "error: the following required arguments were not provided:\n  <A>\n  --b <B>\n\n\
                    Usage: svc x --b <B> <A>\n\nFor more information, try '--help'.\n";
        let expected =
            "the following required arguments were not provided: <A>, --b <B>\nUsage: svc x --b <B> <A>";
        assert_eq!(in_lines(text), expected);
        let text = "error: invalid value 'usr' for '--role <ROLE>'\n  [possible values: user, admin]\n\n  \
                    tip: a similar value exists: 'user'\n\nFor more information, try '--help'.\n";
        let expected = "invalid value 'usr' for '--role <ROLE>' [possible values: user, admin]; \
                        a similar value exists: 'user'";
        assert_eq!(in_lines(text), expected);
    }
}
