use serde_json::{Value, json};

use crate::ports::events::{InboxEntryRow, LoggedEvent};

pub(super) fn event(logged: &LoggedEvent) -> Value {
    let LoggedEvent { event, relayed_at, attempts, last_error } = logged;
    json!({
        "time": event.at.to_string(),
        "id": event.id.to_string(),
        "type": event.type_name,
        "subject": event.subject.to_string(),
        "actor": event.actor,
        "relayed_at": relayed_at.map(|sent| sent.to_string()),
        "attempts": attempts,
        "last_error": last_error,
    })
}

pub(super) fn entry(row: &InboxEntryRow) -> Value {
    json!({
        "event": row.event_id.to_string(),
        "type": row.type_name,
        "subject": row.subject.to_string(),
        "time": row.at.to_string(),
        "handler": row.handler,
        "state": row.state,
        "attempts": row.attempts,
        "next_attempt": (row.state == "pending").then(|| row.available_at.to_string()),
        "done_at": row.done_at.map(|done| done.to_string()),
        "last_error": row.last_error,
    })
}

/// Event data as JSON, or as a string if it is not valid JSON.
pub(in crate::cli) fn data(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| json!(text))
}
