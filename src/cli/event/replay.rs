use serde_json::{Value, json};

use crate::cli::confirm::ConfirmArgs;
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::cli::operator;
use crate::cli::selected::parse_since;
use crate::cli::target::parse_id;
use crate::container::Container;
use crate::domain::counted;
use crate::usecases::{Confirmation, ReplayEventsError, ReplayTarget, Replayed};

#[derive(Debug, clap::Args)]
#[group(skip)]
#[command(group(clap::ArgGroup::new("which").required(true)))]
pub(super) struct Args {
    /// ID of one event
    #[arg(group = "which")]
    id: Option<String>,
    /// Replay all dead letters, of handlers and of the broker
    #[arg(long, group = "which")]
    dead: bool,
    /// Replay all events since WHEN: an age such as 24h, or a time such as 2026-01-31T12:00:00Z
    #[arg(long, value_name = "WHEN", group = "which", allow_hyphen_values = true)]
    since: Option<String>,
    #[command(flatten)]
    pub confirm: ConfirmArgs,
}

impl Args {
    /// Parses what to replay, before anything is opened or created.
    pub fn target(&self) -> Result<ReplayTarget, CliError> {
        Ok(match (&self.id, &self.since) {
            (Some(id), _) => ReplayTarget::One(parse_id(id, "the event")?),
            (None, Some(since)) => ReplayTarget::Since(parse_since(since)?),
            (None, None) => ReplayTarget::Dead,
        })
    }
}

pub(super) async fn run(context: &Context, container: &Container, args: &Args) -> Result<Value, CliError> {
    let target = args.target()?;
    let replay = &container.use_cases.events.replay;
    let actor = operator::actor();
    let mut done = replay.run(&target, args.confirm.given(), actor).await;
    if let Err(ReplayEventsError::Unconfirmed(planned)) = &done {
        args.confirm.decide(&question(planned))?;
        done = replay.run(&target, Confirmation::Given, actor).await;
    }
    let done = done.map_err(|error| match error {
        ReplayEventsError::NotFound(_) => CliError::new(Exit::NoUser, error.to_string()),
        ReplayEventsError::Unconfirmed(_) => CliError::new(Exit::Usage, error.to_string()),
        ReplayEventsError::Failed(failure) => context.failure(&failure),
    })?;
    let mut row =
        json!({ "replayed": done.replayed, "requeued": done.requeued, "dry_run": args.confirm.dry_run });
    if let Some(returned) = done.returned {
        row["returned"] = json!(returned);
    }
    Ok(row)
}

/// Completes "this would".
fn question(planned: &Replayed) -> String {
    let (events, requeued) = (counted(planned.replayed, "event"), counted(planned.requeued, "dead letter"));
    let of_handlers = format!("relay {events} again, and requeue {requeued} of handlers");
    match planned.returned {
        None => of_handlers,
        Some(returned) => {
            format!("{of_handlers}, and return {} of the broker", counted(returned, "dead letter"))
        }
    }
}
