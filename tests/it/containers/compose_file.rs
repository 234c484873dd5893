//! docker-compose.yml as Compose reads it: with anchors merged and variables replaced.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

const FILE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docker-compose.yml"));
const EXAMPLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/.env.example"));

/// The services that run our image.
pub const OURS: [&str; 3] = ["consume_worker", "micro_service", "migrate"];

pub type Variables = BTreeMap<String, String>;

/// A `${…}` in a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    pub name: String,
    pub otherwise: Otherwise,
}

/// The fallback for a variable that is not set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Otherwise {
    /// `${NAME:?why}`: nothing starts.
    Refused(String),
    /// `${NAME:-text}`.
    Text(String),
}

/// Parses a YAML file without replacing variables.
pub fn parsed(yaml: &str) -> Value {
    serde_saphyr::from_str(yaml).unwrap()
}

/// Returns the file without replacing variables.
pub fn raw() -> Value {
    parsed(FILE)
}

/// Returns the file with these variables. The error is that of Compose if one is missing.
pub fn with(variables: &Variables) -> Result<Value, String> {
    let mut file = raw();
    put_in(&mut file, variables)?;
    Ok(file)
}

/// Returns the file after `cp .env.example .env`.
pub fn as_copied() -> Value {
    with(&example()).unwrap()
}

/// Returns the variables of `.env.example`.
pub fn example() -> Variables {
    dotenvy::Iter::new(EXAMPLE.as_bytes()).map(Result::unwrap).collect()
}

/// Returns the variables of `.env.example`, including the commented-out ones.
pub fn example_in_full() -> Variables {
    let is_variable =
        |line: &&str| line.split('=').next().unwrap().chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let line = |line: &'static str| line.strip_prefix('#').filter(is_variable).unwrap_or(line);
    let text: Vec<&str> = EXAMPLE.lines().map(line).collect();
    dotenvy::Iter::new(text.join("\n").as_bytes()).map(Result::unwrap).collect()
}

/// Returns every service with its name.
pub fn services(file: &Value) -> impl Iterator<Item = (&str, &Value)> {
    file["services"].as_object().unwrap().iter().map(|(name, service)| (name.as_str(), service))
}

/// Returns the texts of a list, such as a command in exec form.
pub fn words(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap_or_else(|| panic!("{list} is no list"))
        .iter()
        .map(|word| word.as_str().unwrap())
        .collect()
}

/// Returns the environment that the file gives to a container of this service.
pub fn environment(service: &Value) -> Variables {
    let pairs = service["environment"].as_object().into_iter().flatten();
    pairs
        .map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect()
}

/// Finds every `${…}` below a value.
pub fn references(value: &Value) -> BTreeSet<Reference> {
    match value {
        Value::String(text) => pieces(text).filter_map(|(_, reference)| reference).collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        Value::Object(members) => members.values().flat_map(references).collect(),
        _ => BTreeSet::new(),
    }
}

fn put_in(value: &mut Value, variables: &Variables) -> Result<(), String> {
    match value {
        Value::String(text) => *text = filled(text, variables)?,
        Value::Array(items) => items.iter_mut().try_for_each(|item| put_in(item, variables))?,
        Value::Object(members) => members.values_mut().try_for_each(|member| put_in(member, variables))?,
        _ => {}
    }
    Ok(())
}

fn filled(text: &str, variables: &Variables) -> Result<String, String> {
    let mut filled = String::new();
    for (plain, reference) in pieces(text) {
        filled.push_str(&plain);
        let Some(Reference { name, otherwise }) = reference else { continue };
        match (variables.get(&name).filter(|value| !value.is_empty()), otherwise) {
            (Some(value), _) => filled.push_str(value),
            (None, Otherwise::Text(text)) => filled.push_str(&text),
            (None, Otherwise::Refused(why)) => return Err(format!("{name}: {why}")),
        }
    }
    Ok(filled)
}

/// Splits a text into plain parts, each with the reference that follows it. `$$` is a dollar.
fn pieces(text: &str) -> impl Iterator<Item = (String, Option<Reference>)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let Some((before, after)) = rest?.split_once('$') else {
            return rest.take().map(|last| (last.to_owned(), None));
        };
        if let Some(after) = after.strip_prefix('$') {
            rest = Some(after);
            return Some((format!("{before}$"), None));
        }
        let (inside, after) = after
            .strip_prefix('{')
            .and_then(|after| after.split_once('}'))
            .unwrap_or_else(|| panic!("write $$ or ${{NAME:?why}} or ${{NAME:-text}} in {text}"));
        rest = Some(after);
        Some((before.to_owned(), Some(reference(inside))))
    })
}

fn reference(inside: &str) -> Reference {
    let (name, otherwise) = inside
        .split_once(':')
        .unwrap_or_else(|| panic!("${{{inside}}} has no fallback for an unset variable"));
    let otherwise = match otherwise.split_at(1) {
        ("?", why) => Otherwise::Refused(why.to_owned()),
        ("-", text) => Otherwise::Text(text.to_owned()),
        _ => panic!("${{{inside}}}"),
    };
    Reference { name: name.to_owned(), otherwise }
}
