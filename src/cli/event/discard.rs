use serde_json::{Value, json};

use super::{Context, confirmation};
use crate::cli::exit::{CliError, Exit};
use crate::container::Container;
use crate::usecases::DiscardDeadLettersError;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Delete the messages [default: print how many there are, and exit with code 2]
    #[arg(long)]
    yes: bool,
    /// Print how many messages there are, without deleting them
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
}

pub(super) async fn run(context: &Context, container: &Container, args: &Args) -> Result<Value, CliError> {
    let done = container.use_cases.discard_dead_letters.run(confirmation(args.yes, args.dry_run)).await;
    let done = done.map_err(|error| match error {
        DiscardDeadLettersError::NoBroker | DiscardDeadLettersError::Unconfirmed(_) => {
            CliError::new(Exit::Usage, error.to_string())
        }
        DiscardDeadLettersError::Failed(failure) => context.failure(&failure),
    })?;
    Ok(json!({ "discarded": done.discarded, "kept": done.kept, "dry_run": args.dry_run }))
}
