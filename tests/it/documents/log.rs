//! The log messages and the metrics that pages quote are those of the service.

use std::collections::BTreeSet;
use std::fs::read_dir;
use std::path::Path;

use super::{at, monitoring, read, rows, spans};

/// Phrases before a quoted log message, outside of the table of messages.
const BEFORE: [&str; 5] = ["the log line ", "log says ", "says ", "the line ", "warns of "];

/// Returns the code of every file, without line breaks in texts.
fn code(folder: &Path, found: &mut String) {
    for entry in read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            code(&path, found);
        } else {
            found.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

fn source() -> String {
    let mut found = String::new();
    code(&at("src"), &mut found);
    found
}

/// Returns the levels at which the code logs this message.
fn levels<'a>(source: &'a str, message: &str) -> BTreeSet<&'a str> {
    let quoted = format!("\"{message}\"");
    let places = source.match_indices(&quoted).map(|(place, _)| place);
    let level = |place: usize| {
        let (before, _) = source[..place].rsplit_once("!(")?;
        let name = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next()?;
        // The message is in this call of the macro, and no other statement is in between.
        let is_log = ["error", "warn", "info", "debug"].contains(&name);
        (is_log && !source[before.len()..place].contains(';')).then_some(name)
    };
    places.filter_map(level).collect()
}

#[test]
fn every_message_to_watch_for_is_one_of_the_log() {
    let (source, page) = (source(), read("docs/reference.md"));
    let all = rows(&page);
    let messages: Vec<_> = all.iter().filter(|row| ["WARN", "ERROR"].contains(&row[0])).collect();
    assert!(messages.len() > 20, "{messages:?}");
    for row in messages {
        let level = row[0].to_lowercase();
        let quoted: Vec<&str> = spans(row[1]).collect();
        assert!(!quoted.is_empty(), "{row:?} quotes no message");
        for message in quoted {
            let found = levels(&source, message);
            assert!(found.contains(&*level), "{message:?} is logged at {found:?} and not at {level}");
        }
    }
}

#[test]
fn a_quoted_log_line_is_one_of_the_log() {
    let source = source();
    let mut checked = BTreeSet::new();
    for page in ["operations", "deployment", "reference", "clusters", "mail", "events", "security"] {
        let text = read(&format!("docs/{page}.md")).replace('\n', " ");
        for phrase in BEFORE {
            for (place, _) in text.match_indices(&format!("{phrase}`")) {
                let message = text[place + phrase.len() + 1..].split('`').next().unwrap();
                // A value or a command, which other tests check.
                if message.split(' ').count() < 3 || message.starts_with("svc ") {
                    continue;
                }
                let found = levels(&source, message);
                assert!(!found.is_empty(), "docs/{page}.md quotes {message:?}, which is not logged");
                checked.insert(message.to_owned());
            }
        }
    }
    assert!(checked.len() >= 4, "{checked:?}");
}

#[test]
fn every_metric_of_a_page_is_one_that_the_service_has() {
    let (families, series) = monitoring::known();
    for entry in read_dir(at("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|kind| kind != "md") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for quoted in spans(&text.replace("```", "")) {
            let name: String =
                quoted.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            let is_known = families.contains(&name) || series.contains(&name);
            assert!(
                is_known || !name.starts_with("svc_"),
                "{} names the metric {name}, which does not exist",
                path.display()
            );
        }
    }
}
