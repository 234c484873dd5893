//! `svc ban`: manages bans of networks and users.
//!
//! **Here**: one file per verb, the parsing of targets, and the output of a ban.

mod add;
mod list;
mod remove;
pub(super) mod row;
mod target;

use clap::Subcommand;

use super::context::Context;
use super::exit::CliError;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the active bans, oldest first
    #[command(after_long_help = "\
Examples:
  svc ban list

The output is a list of objects: id, network (null if a user is banned), user_id (null if a \
network is banned), reason, created_at and ends_at (null if it ends only when it is removed).")]
    List,
    /// Ban an IP address, a network or a user
    ///
    /// All requests of the target are refused. A second ban of the same target replaces the reason and the
    /// end.
    #[command(after_long_help = "\
Examples:
  svc ban add 203.0.113.7
  svc ban add 2001:db8::/48 --until 2026-12-31T00:00:00Z
  svc ban add --user ada@example.com --for 2h --reason 'stolen account'

The output is the ban as svc ban list prints it, and replaced (whether the target was banned \
before).")]
    Add(add::Args),
    /// Remove a ban
    #[command(after_long_help = "\
Examples:
  svc ban remove 203.0.113.7
  svc ban remove 0198c5a2-7a10-7c3e-9d52-3f0a5d1f2b10

The output is the removed ban as svc ban list prints it.")]
    Remove(remove::Args),
}

pub(super) async fn run(context: &Context, args: Args) -> Result<(), CliError> {
    let value = match args.action {
        Action::List => list::run(context, &context.reader()?).await?,
        Action::Add(args) => {
            let new = add::parse(&args)?;
            add::run(context, &context.changer().await?, &new).await?
        }
        Action::Remove(args) => {
            let ban = remove::parse(&args)?;
            remove::run(context, &context.changer().await?, &ban).await?
        }
    };
    context.output.say_if_empty(&value, "bans");
    context.output.print_entries(&value)
}
