//! Values as text for a person: tables, paragraphs and sections that fit a terminal.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::cell::cell;
use super::wrap::paragraph;

/// Formats each object as a paragraph with a line per member.
pub(super) fn entries(items: &[Value], width: usize) -> String {
    let mut text = String::new();
    for item in items.iter().map(flat) {
        let Some(members) = item.as_object() else { continue };
        let names = members.keys().map(|key| key.chars().count()).max().unwrap_or(0);
        for (key, value) in members {
            paragraph(&mut text, width, &format!("{key:names$}  "), &cell(value));
        }
        text.push('\n');
    }
    text
}

/// Formats the members that are neither objects nor lists of objects, and then each other one under its
/// heading. An object without members is left out.
pub(super) fn sections(members: &Map<String, Value>, width: usize) -> String {
    let is_section = |value: &Value| {
        value.as_object().is_some_and(|members| !members.is_empty())
            || value.as_array().is_some_and(|items| items.iter().any(Value::is_object))
    };
    let (parts, plain): (Map<_, _>, Map<_, _>) =
        members.clone().into_iter().partition(|(_, value)| is_section(value));
    let mut text = entries(&[Value::Object(plain)], width);
    for (heading, value) in parts {
        let items = if let Value::Array(items) = value { items } else { vec![value] };
        let _ = writeln!(text, "{}:", heading.replace('_', " "));
        text.push_str(&entries(&items, width));
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

/// Formats a list as rows under a heading, or as paragraphs if a row would not fit, and an object as one line
/// per member.
pub(super) fn table(value: &Value, width: usize) -> String {
    let items = match value {
        Value::Array(items) => items,
        Value::Object(_) => return entries(std::slice::from_ref(value), width),
        other => return cell(other),
    };
    let objects = || items.iter().filter_map(Value::as_object);
    let heading = objects().next().map(|first| first.keys().map(|key| key.to_uppercase()).collect());
    let rows: Vec<Vec<String>> =
        heading.into_iter().chain(objects().map(|item| item.values().map(cell).collect())).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| widest(column).unwrap_or(0)).collect();
    if widths.iter().map(|width| width + 2).sum::<usize>() > width.saturating_add(2) {
        return entries(items, width);
    }
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_get_a_heading_and_columns() {
        let rows = json!([{"version": 1, "state": "applied"}, {"version": 12, "state": null}]);
        assert_eq!(table(&rows, 16), "VERSION  STATE\n1        applied\n12       -");
        let narrow = "version  1\nstate    applied\n\nversion  12\nstate    -\n\n";
        assert_eq!(table(&rows, 15), narrow);
        assert_eq!(table(&json!([]), 80), "");
    }

    #[test]
    fn entries_get_a_paragraph_each() {
        let rows = [json!({"id": "x", "error": "word ".repeat(20)}), json!({"id": "y", "error": null})];
        let words = |count| ["word"; 20][..count].join(" ");
        let expected =
            format!("id     x\nerror  {}\n       {}\n\nid     y\nerror  -\n\n", words(14), words(6));
        assert_eq!(entries(&rows, 80), expected);
    }

    #[test]
    fn sections_follow_the_other_members() {
        let shown = json!({
            "event": { "type": "t", "data": { "email": "ada@example.com", "at": { "id": 1 } } },
            "id": "x",
            "entries": [{ "handler": "audit" }, { "handler": "mail" }],
            "none": [],
            "metadata": {},
            "words": ["one", "two"],
        });
        let expected = "id     x\nnone   -\nwords  one, two\n\n\
                        event:\ntype        t\ndata.email  ada@example.com\ndata.at.id  1\n\n\
                        entries:\nhandler  audit\n\nhandler  mail\n\n";
        assert_eq!(sections(shown.as_object().unwrap(), 80), expected);
    }

    #[test]
    fn objects_get_a_line_a_member() {
        assert_eq!(table(&json!({"id": "x", "verified": true}), 80), "id        x\nverified  true\n\n");
    }
}
