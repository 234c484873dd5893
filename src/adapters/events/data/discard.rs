//! The data of events about deleted dead letters.

use serde_json::{Value, json};

use super::schema::{described, object};
use crate::domain::DiscardFacts;

pub(super) fn data(discard: DiscardFacts) -> Value {
    json!({ "discarded": discard.discarded, "kept": discard.kept })
}

/// The schemas.
pub(super) fn schemas() -> Value {
    let count = || json!({ "type": "integer", "minimum": 0 });
    let discard = json!({
        "discarded": described(count(), "Number of dead letters that name no event, to be deleted."),
        "kept": described(count(), "Number of dead letters that name an event, and stay."),
    });
    json!({
        "DeadLetterDiscarded": object(
            "DeadLetterDiscarded",
            "The deletion, with the numbers that were counted before it.",
            &discard,
        ),
    })
}
