use serde_json::{Value, json};

use super::{Context, Selected, broker_error, entry};
use crate::cli::exit::CliError;
use crate::container::Container;
use crate::ports::events::DeadLetter;

pub(super) async fn run(
    context: &Context,
    container: &Container,
    selected: &Selected,
) -> Result<Value, CliError> {
    let filter = selected.filter(context, container).await?;
    let dead = container.event_log().dead(&filter).await.map_err(|error| context.store_error(&error))?;
    let mut rows: Vec<Value> = dead.iter().map(entry).collect();
    if let Some(broker) = container.dead_letters() {
        let letters = broker.dead(&filter).await.map_err(|fault| broker_error(context, &fault))?;
        rows.extend(letters.iter().map(dead_letter));
    }
    Ok(Value::Array(rows))
}

/// A message as a row with the members of an inbox entry. It has no handler.
fn dead_letter(letter: &DeadLetter) -> Value {
    json!({
        "event": letter.event_id.map(|id| id.to_string()),
        "type": letter.type_name,
        "subject": letter.subject,
        "time": letter.time,
        "handler": null,
        "state": "dead",
        "attempts": letter.attempts,
        "next_attempt": null,
        "done_at": null,
        "last_error": letter.reason,
    })
}
