use serde_json::Value;

use super::{Context, Selected, event};
use crate::cli::exit::CliError;
use crate::container::Container;

pub(super) async fn run(
    context: &Context,
    container: &Container,
    selected: &Selected,
) -> Result<Value, CliError> {
    let filter = selected.filter(context, container).await?;
    let events = container.event_log().events(&filter).await.map_err(|error| context.store_error(&error))?;
    Ok(Value::Array(events.iter().map(event).collect()))
}
