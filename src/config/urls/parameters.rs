//! The query of a URL: parameters from a closed list.

use secrecy::SecretString;

use super::server::{Rules, decoded};

/// A name is taken for a misspelt parameter if it is at least this similar to one.
const ALIKE: f64 = 0.6;
/// A longer name is never shown: it may be part of a secret.
const LONGEST_NAME: usize = 40;

pub(super) const NAMELESS: &str = "the text after the ? is not NAME=VALUE";

/// Parses the parameters with their values.
pub(super) fn parse(query: &str, rules: &Rules) -> Result<Vec<(&'static str, SecretString)>, String> {
    let mut found: Vec<(&'static str, SecretString)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or(NAMELESS)?;
        let known = rules.parameters.iter().find(|known| **known == name);
        let Some(known) = known else { return Err(unknown(name, rules)) };
        if found.iter().any(|(found, _)| found == known) {
            return Err(format!("parameter {known} is set twice"));
        }
        found.push((known, SecretString::from(decoded(value)?)));
    }
    Ok(found)
}

/// The error for an unknown parameter. It contains the name, never the value.
fn unknown(name: &str, rules: &Rules) -> String {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(is_name) {
        return NAMELESS.to_owned();
    }
    if let Some((_, instead)) = rules.foreign.iter().find(|(foreign, _)| *foreign == name) {
        return format!("unknown parameter {name}: {instead}");
    }
    match (nearest(name, rules.parameters), rules.parameters) {
        (Some(meant), _) => format!("unknown parameter {name}; did you mean {meant}?"),
        (None, []) => format!("unknown parameter {name}: this URL has no parameters"),
        (None, all) => format!("unknown parameter {name}: expected one of {}", all.join(", ")),
    }
}

fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let name = name.to_lowercase();
    let likeness = |known: &str| strsim::normalized_damerau_levenshtein(&name, known);
    let best = known.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(best) >= ALIKE).then_some(*best)
}

/// Parses the value of a parameter that is one of several words.
pub(super) fn word<T: Copy>(name: &str, value: &str, words: &[(&str, T)]) -> Result<T, String> {
    if let Some((_, meaning)) = words.iter().find(|(word, _)| *word == value) {
        return Ok(*meaning);
    }
    let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let meant = nearest(value, &known).map_or_else(String::new, |word| format!("; did you mean {word}?"));
    Err(format!("invalid {name}: expected one of {}{meant}", known.join(", ")))
}
