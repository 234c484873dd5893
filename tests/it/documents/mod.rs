//! The written pages and the files for monitoring, checked against the repository and the service.
//!
//! **Here**: the map of security requirements (`asvs`), what a change touches (`checklists`), links
//! (`links`), log messages and metrics that pages quote (`log`), alert rules and the dashboard
//! (`monitoring`), words and columns (`words`).
//!
//! **To add one**: a test that reads the page, and reports which line is wrong.

mod asvs;
mod checklists;
mod links;
mod log;
mod monitoring;
mod words;

use std::path::{Path, PathBuf};

/// Returns a path in the repository.
fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    std::fs::read_to_string(at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns the cells of each row of the tables of a page, without headings.
fn rows(page: &str) -> Vec<Vec<&str>> {
    let lines: Vec<&str> = page.lines().collect();
    let is_rule = |line: &&str| line.starts_with("|--");
    let body = lines.iter().enumerate().filter(|(number, line)| {
        let is_heading = lines.get(number + 1).is_some_and(is_rule);
        line.starts_with('|') && !is_rule(line) && !is_heading
    });
    body.map(|(_, line)| line.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

/// Returns the texts between single backticks.
fn spans(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}
