//! What stays the same in the output of a command from run to run.

use serde_json::{Value, json};
use svc::domain::Timestamp;
use uuid::Uuid;

use crate::cli::user::{operator, text};

/// A longer list is cut to its first two entries: migrations, settings, checks.
const LONG: usize = 12;

/// Replaces ids, times, keys, tokens, addresses, the operator and what was measured.
pub(super) fn stable(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(stable_text(text)),
        Value::Array(items) => {
            let shown = if items.len() > LONG { 2 } else { items.len() };
            items.iter().take(shown).map(stable).collect()
        }
        Value::Object(members) => {
            let stable = |(name, value): (&String, &Value)| (name.clone(), stable_member(name, value));
            Value::Object(members.iter().map(stable).collect())
        }
        other => other.clone(),
    }
}

fn stable_member(name: &str, value: &Value) -> Value {
    match name {
        "iat" | "nbf" | "exp" | "lag_seconds" | "waiting" => json!(0),
        "operator" => json!("OPERATOR"),
        "access_token" | "refresh_token" if value.is_string() => json!("TOKEN"),
        "password" if value.is_string() => json!("PASSWORD"),
        "timeline" => in_order(&stable(value)),
        _ => stable(value),
    }
}

/// Orders the entries of a timeline by their words: several of them may have the same time. The registration
/// is shown only if the session was opened within a minute of it, which may take longer on a busy machine.
fn in_order(timeline: &Value) -> Value {
    let mut entries = timeline.as_array().cloned().unwrap_or_default();
    entries.retain(|entry| entry["code"] != "user_registered");
    entries.sort_by_key(|entry| text(entry, "code").to_owned());
    Value::Array(entries)
}

pub(super) fn stable_text(text: &str) -> String {
    let mut rest = text.replace(&format!("operator {}", operator()), "operator OPERATOR");
    let mut stable = String::new();
    while let Some(first) = rest.chars().next() {
        let id = rest.get(..36).filter(|id| Uuid::try_parse(id).is_ok());
        // The HTTP API leaves out zeros at the end.
        let time = rest.find('Z').filter(|end| *end < 27 && Timestamp::parse(&rest[..=*end]).is_ok());
        // The digits after the host are the port of a server.
        let port = rest.strip_prefix("127.0.0.1:").map(|rest| rest.find(|c: char| !c.is_ascii_digit()));
        let end =
            rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(rest.len());
        let (word, length) = match (id, time, port) {
            (Some(_), ..) => ("ID".to_owned(), 36),
            (_, Some(end), _) => ("TIME".to_owned(), end + 1),
            (_, _, Some(Some(end))) => ("HOST".to_owned(), "127.0.0.1:".len() + end),
            // The thumbprint of a key.
            _ if end == 43 => ("KEY".to_owned(), end),
            _ if end > 0 => (rest[..end].to_owned(), end),
            _ => (first.to_string(), first.len_utf8()),
        };
        stable.push_str(&word);
        rest.drain(..length);
    }
    stable
}
