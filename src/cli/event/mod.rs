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
  svc event list --type user.locked --limit 10

The output is a list of objects: time, id, type, subject, actor, relayed_at (null while it \
waits), attempts and last_error.")]
    List(Selected),
    /// Show one event as published, how it was relayed, and the inbox entry of each handler
    #[command(after_long_help = "\
Examples:
  svc event show 0198c5a2-7a10-7c3e-9d52-3f0a5d1f2b10

The output is the event as svc event list prints it, and: event (the CloudEvent that is \
published) and entries (the inbox entry of each handler, with the members that svc event dead \
prints).")]
    Show(show::Args),
    /// Relay events again, and requeue dead letters
    ///
    /// Handlers that have processed an event do not process it a second time.
    #[command(after_long_help = "\
Examples:
  svc event replay 0198c5a2-7a10-7c3e-9d52-3f0a5d1f2b10
  svc event replay --dead --dry-run
  svc event replay --since 24h --yes

The output is an object: replayed (events that are relayed again), requeued (dead letters of \
handlers), returned (dead letters of the broker, if there is one) and dry_run.")]
    Replay(replay::Args),
    /// List dead letters with their errors, newest first: those of handlers, then those of the broker
    #[command(after_long_help = "\
Examples:
  svc event dead
  svc event dead --type user.registered

The output is a list of objects: event (its ID), type, subject, time, handler (null for a dead \
letter of the broker), state (pending, done or dead), attempts, next_attempt, done_at and \
last_error.")]
    Dead(Selected),
    /// Permanently delete the dead letters of the broker that name no event
    ///
    /// A replay cannot process such messages. Dead letters that name an event stay.
    #[command(after_long_help = "\
Examples:
  svc event discard --dry-run
  svc event discard --yes

The output is an object: discarded, kept (dead letters that name an event) and dry_run.")]
    Discard(discard::Args),
    /// Show the backlog of the outbox, of each handler and of the broker
    #[command(after_long_help = "\
Examples:
  svc event stats

The output is a list of objects: queue (the outbox, a handler or a queue of the broker), waiting, \
failing, dead and lag_seconds (the age of the oldest that waits).")]
    Stats,
}

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let container = match &args.action {
        Action::Replay(args) => {
            args.target()?;
            context.changer_for(args.confirm).await?
        }
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
        Action::List(_) | Action::Dead(_) => {
            let is_dead = matches!(&args.action, Action::Dead(_));
            context.output.say_if_empty(&value, if is_dead { "dead letters" } else { "events" });
            context.output.print_entries(&value)
        }
        Action::Show(_) => context.output.print_sections(&value),
        Action::Replay(_) | Action::Discard(_) | Action::Stats => context.output.print(&value),
    }
}
