use serde_json::{Value, json};

use super::{Context, broker_error};
use crate::cli::exit::{CliError, Exit};
use crate::container::Container;
use crate::ports::events::{DeadLetter, EventLog};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Delete the messages [default: print how many there are, and exit with code 2]
    #[arg(long)]
    yes: bool,
    /// Print how many messages there are, without deleting them
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
}

/// Keeps messages that identify an event of the outbox, since a replay relays them. No event is lost in any
/// case: events are in the outbox, or were removed from it after they had been handled.
pub(super) async fn run(context: &Context, container: &Container, args: &Args) -> Result<Value, CliError> {
    let Some(broker) = container.dead_letters() else {
        let none =
            "queue.url names no broker; to requeue dead letters of handlers, run svc event replay --dead";
        return Err(CliError::new(Exit::Usage, none));
    };
    let held = broker.hold().await.map_err(|fault| broker_error(context, &fault))?;
    let mut junk = Vec::new();
    for (place, letter) in held.letters().iter().enumerate() {
        if !names_an_event(context, container.event_log(), letter).await? {
            junk.push(place);
        }
    }
    let (discarded, kept) = (junk.len(), held.letters().len() - junk.len());
    if !args.dry_run {
        if !args.yes {
            let many =
                format!("this would delete {discarded} messages, and keep {kept}: pass --yes to do it");
            return Err(CliError::new(Exit::Usage, many));
        }
        held.discard(&junk).await.map_err(|fault| broker_error(context, &fault))?;
    }
    Ok(json!({ "discarded": discarded, "kept": kept, "dry_run": args.dry_run }))
}

async fn names_an_event(
    context: &Context,
    log: &dyn EventLog,
    letter: &DeadLetter,
) -> Result<bool, CliError> {
    let Some(id) = letter.event_id else { return Ok(false) };
    Ok(log.event(id).await.map_err(|error| context.store_error(&error))?.is_some())
}
