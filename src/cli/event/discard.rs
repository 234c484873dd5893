use serde_json::{Value, json};

use crate::cli::confirm::ConfirmArgs;
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::cli::operator;
use crate::container::Container;
use crate::domain::counted;
use crate::usecases::{Confirmation, DiscardDeadLettersError};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    pub confirm: ConfirmArgs,
}

pub(super) async fn run(context: &Context, container: &Container, args: &Args) -> Result<Value, CliError> {
    let discard = &container.use_cases.events.discard;
    let actor = operator::actor();
    let mut done = discard.run(args.confirm.given(), actor).await;
    if let Err(DiscardDeadLettersError::Unconfirmed(planned)) = &done {
        // Completes "this would".
        let question = format!("delete {}, and keep {}", counted(planned.discarded, "message"), planned.kept);
        args.confirm.decide(&question)?;
        done = discard.run(Confirmation::Given, actor).await;
    }
    let done = done.map_err(|error| match error {
        DiscardDeadLettersError::NoBroker => {
            let other = "to requeue dead letters of handlers, run svc event replay --dead";
            CliError::new(Exit::Usage, format!("{error}; {other}"))
        }
        DiscardDeadLettersError::Unconfirmed(_) => CliError::new(Exit::Usage, error.to_string()),
        DiscardDeadLettersError::Failed(failure) => context.failure(&failure),
    })?;
    Ok(json!({ "discarded": done.discarded, "kept": done.kept, "dry_run": args.confirm.dry_run }))
}
