use serde_json::Value;

use super::rows::event;
use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::selected::Selected;
use crate::container::Container;

pub(super) async fn run(
    context: &Context,
    container: &Container,
    selected: &Selected,
) -> Result<Value, CliError> {
    let events = container.use_cases.events.list.run(&selected.query()?).await;
    let events = events.map_err(|error| context.query_error(&error))?;
    Ok(Value::Array(events.iter().map(event).collect()))
}
