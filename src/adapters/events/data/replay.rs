//! The data of events about replays.

use serde_json::{Value, json};

use super::schema::{described, object};
use crate::domain::ReplayFacts;

pub(super) fn data(replay: &ReplayFacts) -> Value {
    json!({
        "event_id": replay.event_id.map(|id| id.to_string()),
        "since": replay.since.map(|since| since.to_string()),
        "replayed": replay.replayed,
        "requeued": replay.requeued,
        "returned": replay.returned,
    })
}

/// The schemas.
pub(super) fn schemas() -> Value {
    let count = || json!({ "type": "integer", "minimum": 0 });
    let replay = json!({
        "event_id": described(
            json!({ "type": ["string", "null"], "format": "uuid" }),
            "ID of the event that was replayed; null if several were.",
        ),
        "since": described(
            json!({ "type": ["string", "null"], "format": "date-time" }),
            "Time since which all events were replayed; null for one event, or for all dead letters.",
        ),
        "replayed": described(count(), "Number of events to be relayed again."),
        "requeued": described(count(), "Number of dead letters of handlers to be requeued."),
        "returned": described(
            json!({ "type": ["integer", "null"], "minimum": 0 }),
            "Number of dead letters of the broker to be returned to its queue; null if it was not asked.",
        ),
    });
    json!({
        "EventReplayed": object(
            "EventReplayed",
            "The replay, with the numbers that were counted before it.",
            &replay,
        ),
    })
}
