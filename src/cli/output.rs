use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;

use clap::ValueEnum;
use poem_openapi::types::ToJSON;
use serde_json::Value;

use super::columns::{self, Column};
use super::exit::{CliError, Exit};
use super::tables::{entries, sections, table};
use super::wrap::{UNLIMITED, USUAL};
use crate::api::UserView;
use crate::domain::User;

/// The option `--output`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum OutputOption {
    /// Columns for reading on a terminal
    Table,
    /// JSON for programs
    Json,
    /// Public keys for programs that read no JSON; only of `svc key list`
    #[value(hide = true)]
    Pem,
}

/// How data is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Columns for reading on a terminal.
    Table,
    /// JSON for programs.
    Json,
}

/// Prints data to stdout, which contains nothing else.
pub(super) struct Output {
    format: Format,
    /// Whether public keys are printed as PEM. Only `svc key list` accepts that.
    pub is_pem: bool,
    width: usize,
}

impl Output {
    /// Defaults to a table on a terminal and to JSON otherwise.
    pub fn new(asked: Option<OutputOption>) -> Self {
        let fitting = if io::stdout().is_terminal() { Format::Table } else { Format::Json };
        let format = match asked {
            Some(OutputOption::Table) => Format::Table,
            Some(OutputOption::Json) => Format::Json,
            Some(OutputOption::Pem) | None => fitting,
        };
        Self { format, is_pem: asked == Some(OutputOption::Pem), width: width() }
    }

    /// The format.
    pub const fn format(&self) -> Format {
        self.format
    }

    /// Whether the output is for programs.
    pub fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// The width of the terminal in characters, or [`UNLIMITED`].
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Prints an object, or a list of objects with the same members.
    pub fn print(&self, value: &Value) -> Result<(), CliError> {
        self.print_with_table(value, value)
    }

    /// Fails if stdout is closed, so that a secret which the command makes and shows once would be lost. Call
    /// it before the change.
    pub fn can_print_once() -> Result<(), CliError> {
        let closed = "standard output is closed or leads nowhere, so the secret that the command makes would be lost; \
                      nothing was changed. Run it on a terminal, or send its output to a file or a program";
        if is_closed(io::stdout()) { Err(CliError::new(Exit::Io, closed)) } else { Ok(()) }
    }

    /// Prints an object with a secret that is shown only now. Fails if the reader has closed the pipe,
    /// because the secret is lost then.
    pub fn print_once(&self, value: &Value) -> Result<(), CliError> {
        let text = match self.format {
            Format::Json => format!("{value:#}"),
            Format::Table => table(value, self.width),
        };
        let lost = |why: &str| {
            let lost = format!("{why}: the change was made, but the secret that it made is lost");
            Err(CliError::new(Exit::Io, lost))
        };
        match Self::print_line(text.trim_end()) {
            Ok(true) => Ok(()),
            Ok(false) => lost("standard output is closed"),
            Err(error) => lost(&error.message),
        }
    }

    /// Prints a value, which a table would show as these other rows.
    pub fn print_with_table(&self, value: &Value, rows: &Value) -> Result<(), CliError> {
        match self.format {
            Format::Json => Self::print_text(&format!("{value:#}")),
            Format::Table => Self::print_text(&table(rows, self.width)),
        }
    }

    /// Prints a list of objects whose members do not fit one line of a terminal: instead of a table, a
    /// paragraph for each, with a line per member. Any other value is printed as by [`print`](Self::print).
    pub fn print_entries(&self, list: &Value) -> Result<(), CliError> {
        match (self.format, list) {
            (Format::Table, Value::Array(items)) => Self::print_text(&entries(items, self.width)),
            _ => self.print(list),
        }
    }

    /// Prints an object. In a table, its members that are lists of objects follow the others, each with a
    /// heading and these columns.
    pub fn print_with_lists(&self, value: &Value, lists: &[(&str, &[Column])]) -> Result<(), CliError> {
        let (Format::Table, Value::Object(members)) = (self.format, value) else { return self.print(value) };
        let mut rest = members.clone();
        let mut text = String::new();
        for (member, columns) in lists {
            if let Some(Value::Array(entries)) = rest.shift_remove(*member)
                && !entries.is_empty()
            {
                let list = columns::list(columns, &entries, self.width);
                let _ = writeln!(text, "{}:\n{list}", member.replace('_', " "));
            }
        }
        Self::print_text(&(sections(&rest, self.width) + &text))
    }

    /// Prints an object. In a table, its members that are objects or lists of objects follow the others, each
    /// with a heading, and with a line per member of each object.
    pub fn print_sections(&self, value: &Value) -> Result<(), CliError> {
        match (self.format, value) {
            (Format::Table, Value::Object(members)) => Self::print_text(&sections(members, self.width)),
            _ => self.print(value),
        }
    }

    /// Says on stderr that a list is empty, as in "no sessions", where the output is for a person.
    pub fn say_if_empty(&self, list: &Value, what: &str) {
        if list.as_array().is_some_and(Vec::is_empty) {
            self.say_nothing(what);
        }
    }

    /// Says on stderr that there is nothing to print, where the output is for a person.
    pub fn say_nothing(&self, what: &str) {
        if self.format == Format::Table {
            // The exit code and stdout say the same to a program.
            let _ = writeln!(io::stderr(), "no {what}");
        }
    }

    /// Prints a text that is already formatted, followed by a line feed. Prints nothing for an empty one,
    /// such as the table of an empty list.
    pub fn print_text(text: &str) -> Result<(), CliError> {
        match text.trim_end() {
            "" => Ok(()),
            text => Self::print_line(text).map(drop),
        }
    }

    /// Prints a line. Returns false if the reader has closed the pipe: `svc … | head`.
    pub fn print_line(line: &str) -> Result<bool, CliError> {
        let mut stdout = io::stdout().lock();
        // Rust takes such a write for one that succeeded.
        let printed = if is_for_reading(&stdout) {
            Err(io::Error::other("it is not open for writing"))
        } else {
            writeln!(stdout, "{line}").and_then(|()| stdout.flush())
        };
        match printed {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
            other => other.map(|()| true).map_err(|error| unprintable(&error)),
        }
    }
}

/// The width of the terminal that stdout is. Elsewhere that of the variable `COLUMNS`, and without it
/// [`UNLIMITED`], because programs search in files and pipes for whole values.
fn width() -> usize {
    let stdout = io::stdout();
    if !stdout.is_terminal() {
        #[expect(clippy::disallowed_methods, reason = "a variable of shells, and no setting of the service")]
        let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        return columns.filter(|columns| *columns > 0).unwrap_or(UNLIMITED);
    }
    // A terminal that does not know its size has 0 columns.
    let size = rustix::termios::tcgetwinsize(stdout.lock()).ok();
    size.map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0).unwrap_or(USUAL)
}

/// The error of an output that could not be printed.
pub(super) fn unprintable(error: &io::Error) -> CliError {
    CliError::new(Exit::Io, format!("failed to write to standard output: {error}"))
}

fn is_for_reading(descriptor: impl AsFd) -> bool {
    let flags = rustix::fs::fcntl_getfl(descriptor);
    flags.is_ok_and(|flags| flags & rustix::fs::OFlags::RWMODE == rustix::fs::OFlags::RDONLY)
}

/// Whether the parent of the process had closed the descriptor, or opened it only for reading. In place of a
/// closed descriptor, Rust opens `/dev/null` for reading and writing before `main`. A shell opens it only for
/// writing where a command line names it. Python and Node.js open it like Rust where a caller wants no
/// output, so only a command whose output is a secret fails for this.
fn is_closed(descriptor: impl AsFd) -> bool {
    let (Ok(status), Ok(flags)) = (rustix::fs::fstat(&descriptor), rustix::fs::fcntl_getfl(&descriptor))
    else {
        return true;
    };
    let access = flags & rustix::fs::OFlags::RWMODE;
    let null = rustix::fs::stat("/dev/null").is_ok_and(|null| null.st_rdev == status.st_rdev);
    let is_device = rustix::fs::FileType::from_raw_mode(status.st_mode).is_char_device();
    is_for_reading(&descriptor) || (is_device && null && access == rustix::fs::OFlags::RDWR)
}

/// A user as the HTTP API shows it.
pub(super) fn user_value(user: &User) -> Value {
    UserView::from(user).to_json().unwrap_or_default()
}
