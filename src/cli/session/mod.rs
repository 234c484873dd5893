//! `svc session`: operates on sessions.
//!
//! **Here**: one file per verb, and the output of a session (`row`).

mod explain;
mod list;
mod revoke;
pub(super) mod row;
mod show;

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
    /// List sessions, newest first
    List(list::Args),
    /// Show one session, in any state
    Show(show::Args),
    /// Revoke sessions by ID, or all sessions of a user
    Revoke(revoke::Args),
    /// Explain why a session, a refresh token or an access token is accepted or not
    Explain(explain::Args),
}

pub(super) async fn run(context: &Context, args: Args) -> Result<(), CliError> {
    match args.action {
        Action::List(args) => list::run(context, &args).await,
        Action::Show(args) => show::run(context, &args).await,
        Action::Revoke(args) => revoke::run(context, &args).await,
        Action::Explain(args) => explain::run(context, &args).await,
    }
}
