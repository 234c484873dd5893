//! Long lists: which part of one is printed, and how it is printed while it is read.

use serde_json::Value;
use uuid::Uuid;

use super::columns::{Column, Table};
use super::exit::CliError;
use super::output::{Format, Output};
use crate::ports::store::LONGEST_PAGE;

/// The part of a long list that a command prints.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Part {
    /// Print at most N entries
    #[arg(long, value_name = "N", default_value_t = 50, conflicts_with = "all", allow_negative_numbers = true,
        value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    /// Begin after the entry with this ID: the last one of the part before
    #[arg(long, value_name = "ID")]
    after: Option<String>,
    /// Print all entries, while they are read: with -o json, one JSON object per line
    #[arg(long)]
    all: bool,
}

impl Part {
    /// The ID after which the part begins.
    pub fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// Begins to print.
    pub fn print<'a>(&self, output: &'a Output, columns: &'static [Column]) -> Listing<'a> {
        let (table, remaining) = (Table::new(columns, output.width()), (!self.all).then_some(self.limit));
        Listing { output, table, remaining, is_over: false, is_empty: true, entries: Vec::new() }
    }
}

/// A list that is being printed.
pub(super) struct Listing<'a> {
    output: &'a Output,
    table: Table,
    /// The number of entries still to print; `None` for all.
    remaining: Option<u32>,
    /// Whether there is no next page, or the reader of the output is gone.
    is_over: bool,
    is_empty: bool,
    /// The entries of a JSON list, which is printed at its end.
    entries: Vec<Value>,
}

impl Listing<'_> {
    /// The size of the next page; `None` if no page is wanted.
    pub fn wants(&self) -> Option<u32> {
        let limit = self.remaining.map_or(LONGEST_PAGE - 1, |remaining| remaining.min(LONGEST_PAGE - 1));
        (limit > 0 && !self.is_over).then_some(limit)
    }

    /// Prints an entry.
    pub fn push(&mut self, entry: Value) -> Result<(), CliError> {
        self.remaining = self.remaining.map(|remaining| remaining.saturating_sub(1));
        let text = match (self.output.format(), self.remaining) {
            (Format::Json, Some(_)) => {
                self.entries.push(entry);
                return Ok(());
            }
            (Format::Json, None) => entry.to_string(),
            (Format::Table, _) => {
                let heading = self.table.heading().filter(|_| self.is_empty);
                heading.into_iter().chain([self.table.entry(&entry)]).collect::<Vec<_>>().join("\n")
            }
        };
        self.is_empty = false;
        if !Output::print_line(&text)? {
            self.is_over = true;
        }
        Ok(())
    }

    /// Goes on to the next page, or ends where there is none. Says on stderr how to read on where more
    /// entries are left than wanted.
    pub fn turn(&mut self, next: Option<Uuid>) {
        self.is_over |= next.is_none();
        if let (Some(next), Some(0)) = (next, self.remaining) {
            tracing::info!(after = %next, "more entries left: pass --after with this ID, or --all");
        }
    }

    /// Prints what is left. `what` names the entries, as in "no sessions".
    pub fn end(self, what: &str) -> Result<(), CliError> {
        if self.is_empty {
            self.output.say_nothing(what);
        }
        match (self.output.format(), self.remaining) {
            (Format::Json, Some(_)) => self.output.print(&Value::Array(self.entries)),
            _ => Ok(()),
        }
    }
}
