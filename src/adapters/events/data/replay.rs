use serde_json::{Value, json};

use super::event_data::event_data;
use super::schema::described;

event_data! {
    ReplayFacts = "EventReplayed", "The replay, with the numbers that were counted before it.", |replay| {
        "event_id":
            replay.event_id.map(|id| id.to_string()),
            described(
                json!({ "type": ["string", "null"], "format": "uuid" }),
                "ID of the event that was replayed; null if several were.",
            );
        "since":
            replay.since.map(|since| since.to_string()),
            described(
                json!({ "type": ["string", "null"], "format": "date-time" }),
                "Time since which all events were replayed; null for one event, or for all dead letters.",
            );
        "replayed": replay.replayed, described(count(), "Number of events to be relayed again.");
        "requeued": replay.requeued, described(count(), "Number of dead letters of handlers to be requeued.");
        "returned":
            replay.returned,
            described(
                json!({ "type": ["integer", "null"], "minimum": 0 }),
                "Number of dead letters of the broker to be returned to its queue; null if it was not asked.",
            );
    }
}

event_data! {
    DiscardFacts = "DeadLetterDiscarded", "The deletion, with the numbers that were counted before it.", |discard| {
        "discarded":
            discard.discarded,
            described(count(), "Number of dead letters that name no event, to be deleted.");
        "kept": discard.kept, described(count(), "Number of dead letters that name an event, and stay.");
    }
}

fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}
