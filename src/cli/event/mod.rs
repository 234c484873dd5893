//! `svc event`: inspects and replays events.
//!
//! **Here**: one file per verb, and the output of an event and its inbox entries (`rows`).

mod dead;
mod discard;
mod list;
mod replay;
pub(super) mod rows;
mod show;
mod stats;

use clap::Subcommand;

use super::context::Context;
use super::exit::CliError;
use super::selected::Selected;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List events, newest first, and whether they have been relayed
    #[command(after_long_help = "\
Examples:
  svc event list
  svc event list --user ada@example.com --since 24h
  svc event list --type user.locked --limit 10")]
    List(Selected),
    /// Show one event as published, how it was relayed, and the inbox entry of each handler
    #[command(after_long_help = "Examples:\n  svc event show 0198c5a2-7a10-7c3e-9d52-3f0a5d1f2b10")]
    Show(show::Args),
    /// Relay events again, and requeue dead letters
    ///
    /// Handlers that have processed an event do not process it a second time.
    #[command(after_long_help = "\
Examples:
  svc event replay 0198c5a2-7a10-7c3e-9d52-3f0a5d1f2b10
  svc event replay --dead --dry-run
  svc event replay --since 24h --yes")]
    Replay(replay::Args),
    /// List dead letters with their errors, newest first: those of handlers, then those of the broker
    #[command(after_long_help = "\
Examples:
  svc event dead
  svc event dead --type user.registered")]
    Dead(Selected),
    /// Permanently delete the dead letters of the broker that name no event
    ///
    /// A replay cannot process such messages. Dead letters that name an event stay.
    #[command(after_long_help = "\
Examples:
  svc event discard --dry-run
  svc event discard --yes")]
    Discard(discard::Args),
    /// Show the backlog of the outbox, of each handler and of the broker
    #[command(after_long_help = "Examples:\n  svc event stats")]
    Stats,
}

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let container = match &args.action {
        Action::Replay(args) => context.changer_for(args.confirm).await?,
        Action::Discard(args) => context.changer_for(args.confirm).await?,
        Action::List(_) | Action::Show(_) | Action::Dead(_) | Action::Stats => context.reader()?,
    };
    let value = match &args.action {
        Action::List(selected) => list::run(context, &container, selected).await?,
        Action::Show(args) => show::run(context, &container, args).await?,
        Action::Replay(args) => replay::run(context, &container, args).await?,
        Action::Dead(selected) => dead::run(context, &container, selected).await?,
        Action::Discard(args) => discard::run(context, &container, args).await?,
        Action::Stats => stats::run(context, &container).await?,
    };
    match &args.action {
        Action::List(_) | Action::Dead(_) => context.output.print_entries(&value),
        Action::Show(_) => context.output.print_sections(&value),
        Action::Replay(_) | Action::Discard(_) | Action::Stats => context.output.print(&value),
    }
}
