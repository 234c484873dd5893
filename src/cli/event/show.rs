use serde_json::{Value, json};
use uuid::Uuid;

use super::{Context, entry, event};
use crate::adapters::events::cloud_events;
use crate::cli::exit::{CliError, Exit};
use crate::container::Container;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// ID of the event
    id: Uuid,
}

pub(super) async fn run(context: &Context, container: &Container, args: &Args) -> Result<Value, CliError> {
    let log = container.event_log();
    let found = log.event(args.id).await.map_err(|error| context.store_error(&error))?;
    let found = found.ok_or_else(|| CliError::new(Exit::Failed, no_such_event(args.id)))?;
    let entries = log.entries(args.id).await.map_err(|error| context.store_error(&error))?;
    let source = &context.loaded.settings.server.public_url;
    let mut shown = event(&found);
    shown["event"] = json!(cloud_events::envelope(source, &found.event));
    shown["entries"] = Value::Array(entries.iter().map(entry).collect());
    Ok(shown)
}

pub(super) fn no_such_event(id: Uuid) -> String {
    format!("no event has the ID {id}; processed events are deleted after retention.events")
}
