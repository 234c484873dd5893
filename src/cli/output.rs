use std::fmt::Write as _;
use std::io::{IsTerminal, Write};

use clap::ValueEnum;
use poem_openapi::types::ToJSON;
use serde_json::{Map, Value};

use super::columns::{self, Column};
use super::exit::{CliError, Exit};
use super::wrap::paragraph;
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
}

impl Output {
    /// Defaults to a table on a terminal and to JSON otherwise.
    pub fn new(asked: Option<OutputOption>) -> Self {
        let fitting = if std::io::stdout().is_terminal() { Format::Table } else { Format::Json };
        let format = match asked {
            Some(OutputOption::Table) => Format::Table,
            Some(OutputOption::Json) => Format::Json,
            Some(OutputOption::Pem) | None => fitting,
        };
        Self { format, is_pem: asked == Some(OutputOption::Pem) }
    }

    /// The format.
    pub const fn format(&self) -> Format {
        self.format
    }

    /// Whether the output is for programs.
    pub fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Prints an object, or a list of objects with the same members.
    pub fn print(&self, value: &Value) -> Result<(), CliError> {
        self.print_with_table(value, value)
    }

    /// Prints an object with a secret that is shown only now. Fails if the reader has closed the pipe,
    /// because the secret is lost then.
    pub fn print_once(&self, value: &Value) -> Result<(), CliError> {
        let text = match self.format {
            Format::Json => format!("{value:#}"),
            Format::Table => table(value),
        };
        let lost = "standard output is closed: the change was made, but the secret that it made is lost";
        if Self::print_line(&text)? { Ok(()) } else { Err(CliError::new(Exit::Failed, lost)) }
    }

    /// Prints a value, which a table would show as these other rows.
    pub fn print_with_table(&self, value: &Value, rows: &Value) -> Result<(), CliError> {
        match self.format {
            Format::Json => Self::print_text(&format!("{value:#}")),
            Format::Table => Self::print_text(&table(rows)),
        }
    }

    /// Prints a list of objects whose members do not fit one line of a terminal: instead of a table, a
    /// paragraph for each, with a line per member. Any other value is printed as by [`print`](Self::print).
    pub fn print_entries(&self, list: &Value) -> Result<(), CliError> {
        match (self.format, list) {
            (Format::Table, Value::Array(items)) => Self::print_text(&entries(items)),
            _ => self.print(list),
        }
    }

    /// Prints an object. In a table, its members that are lists of objects follow the others, each with a
    /// heading and these columns.
    pub fn print_with_lists(&self, value: &Value, lists: &[(&str, &[Column])]) -> Result<(), CliError> {
        if self.format == Format::Json {
            return self.print(value);
        }
        let mut rest = value.clone();
        let mut sections = Vec::new();
        for (member, columns) in lists {
            let list = rest.as_object_mut().and_then(|members| members.shift_remove(*member));
            if let Some(Value::Array(entries)) =
                list.filter(|list| list.as_array().is_some_and(|it| !it.is_empty()))
            {
                let lines = columns::table(columns, &entries).join("\n");
                sections.push(format!("\n{}:\n{lines}", member.replace('_', " ")));
            }
        }
        sections.insert(0, table(&rest));
        Self::print_text(&sections.join("\n"))
    }

    /// Prints an object. In a table, its members that are objects or lists of objects follow the others, each
    /// with a heading, and with a line per member of each object.
    pub fn print_sections(&self, value: &Value) -> Result<(), CliError> {
        match (self.format, value) {
            (Format::Table, Value::Object(members)) => Self::print_text(&sections(members)),
            _ => self.print(value),
        }
    }

    /// Prints a text that is already formatted, followed by a line feed.
    pub fn print_text(text: &str) -> Result<(), CliError> {
        Self::print_line(text.trim_end()).map(drop)
    }

    /// Prints a line. Returns false if the reader has closed the pipe: `svc … | head`.
    pub fn print_line(line: &str) -> Result<bool, CliError> {
        let mut stdout = std::io::stdout().lock();
        match writeln!(stdout, "{line}").and_then(|()| stdout.flush()) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
            other => other.map(|()| true).map_err(|error| {
                CliError::new(Exit::Failed, format!("failed to write to standard output: {error}"))
            }),
        }
    }
}

/// A user as the HTTP API shows it.
pub(super) fn user_value(user: &User) -> Value {
    UserView::from(user).to_json().unwrap_or_default()
}

/// Formats each object as a paragraph that fits a terminal, unless a word of it does not.
fn entries(items: &[Value]) -> String {
    let mut text = String::new();
    for members in items.iter().filter_map(Value::as_object) {
        let width = members.keys().map(|key| key.chars().count()).max().unwrap_or(0);
        for (key, value) in members {
            paragraph(&mut text, &format!("{key:width$}  "), &cell(value));
        }
        text.push('\n');
    }
    text
}

/// Formats the members that are neither objects nor lists, and then each other one under a heading.
fn sections(members: &Map<String, Value>) -> String {
    let is_section = |value: &Value| value.is_object() || value.is_array();
    let (parts, plain): (Map<_, _>, Map<_, _>) =
        members.clone().into_iter().partition(|(_, value)| is_section(value));
    let mut text = entries(&[Value::Object(plain)]);
    for (heading, value) in parts {
        let items = if let Value::Array(items) = value { items } else { vec![value] };
        if !items.is_empty() {
            let _ = writeln!(text, "{}:", heading.replace('_', " "));
            text.push_str(&entries(&items.iter().map(flat).collect::<Vec<_>>()));
        }
    }
    text
}

/// Replaces each member that is an object by the members of that object: `data.email`.
fn flat(value: &Value) -> Value {
    fn add(flat: &mut Map<String, Value>, prefix: &str, members: &Map<String, Value>) {
        for (key, value) in members {
            match value {
                Value::Object(inner) => add(flat, &format!("{prefix}{key}."), inner),
                other => drop(flat.insert(format!("{prefix}{key}"), other.clone())),
            }
        }
    }
    let Value::Object(members) = value else { return value.clone() };
    let mut all = Map::new();
    add(&mut all, "", members);
    Value::Object(all)
}

/// Formats a list as rows under a heading, and an object as one line per member.
fn table(value: &Value) -> String {
    let rows: Vec<Vec<String>> = match value {
        Value::Array(items) => {
            let objects = || items.iter().filter_map(Value::as_object);
            let heading = objects().next().map(|first| first.keys().map(|key| key.to_uppercase()).collect());
            heading.into_iter().chain(objects().map(|item| item.values().map(cell).collect())).collect()
        }
        Value::Object(members) => members.iter().map(|(key, value)| vec![key.clone(), cell(value)]).collect(),
        other => vec![vec![cell(other)]],
    };
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| widest(column).unwrap_or(0)).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn cell(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_get_a_heading_and_columns() {
        let rows = json!([{"version": 1, "state": "applied"}, {"version": 12, "state": null}]);
        assert_eq!(table(&rows), "VERSION  STATE\n1        applied\n12       -");
        assert_eq!(table(&json!([])), "");
    }

    #[test]
    fn entries_get_a_paragraph_each() {
        let rows = [json!({"id": "x", "error": "word ".repeat(20)}), json!({"id": "y", "error": null})];
        let words = |count| ["word"; 20][..count].join(" ");
        let expected =
            format!("id     x\nerror  {}\n       {}\n\nid     y\nerror  -\n\n", words(14), words(6));
        assert_eq!(entries(&rows), expected);
    }

    #[test]
    fn sections_follow_the_other_members() {
        let shown = json!({
            "event": { "type": "t", "data": { "email": "ada@example.com", "at": { "id": 1 } } },
            "id": "x",
            "entries": [{ "handler": "audit" }, { "handler": "mail" }],
            "none": [],
        });
        let expected = "id  x\n\nevent:\ntype        t\ndata.email  ada@example.com\ndata.at.id  1\n\n\
                        entries:\nhandler  audit\n\nhandler  mail\n\n";
        assert_eq!(sections(shown.as_object().unwrap()), expected);
    }

    #[test]
    fn objects_get_a_line_a_member() {
        assert_eq!(table(&json!({"id": "x", "verified": true})), "id        x\nverified  true");
    }
}
