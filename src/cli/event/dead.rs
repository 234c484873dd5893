use serde_json::{Value, json};

use super::rows::entry;
use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::selected::Selected;
use crate::container::Container;
use crate::ports::events::DeadLetter;

pub(super) async fn run(
    context: &Context,
    container: &Container,
    selected: &Selected,
) -> Result<Value, CliError> {
    let dead = container.use_cases.events.dead.run(&selected.query()?).await;
    let dead = dead.map_err(|error| context.query_error(&error))?;
    let of_handlers = dead.of_handlers.iter().map(entry);
    Ok(Value::Array(of_handlers.chain(dead.of_broker.iter().map(dead_letter)).collect()))
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
