use serde_json::{Value, json};

use super::rows::{entry, event};
use crate::adapters::events::cloud_events;
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::cli::target::parse_id;
use crate::container::Container;
use crate::usecases::ShowEventError;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// ID of the event
    id: String,
}

pub(super) async fn run(context: &Context, container: &Container, args: &Args) -> Result<Value, CliError> {
    let found =
        container.use_cases.events.show.run(parse_id(&args.id, "the event")?).await.map_err(|error| {
            match error {
                ShowEventError::NotFound(_) => CliError::new(Exit::NoUser, error.to_string()),
                ShowEventError::Failed(failure) => context.failure(&failure),
            }
        })?;
    let source = &context.loaded.settings.server.public_url;
    let mut shown = event(&found.logged);
    shown["event"] = json!(cloud_events::envelope(source, &found.logged.event));
    shown["entries"] = Value::Array(found.entries.iter().map(entry).collect());
    Ok(shown)
}
