//! `svc invitation`: invitations that were not accepted yet. `svc user invite` creates one.
//!
//! **Here**: one file per verb, and the output of an invitation.

mod list;
mod resend;
mod revoke;
pub(super) mod row;

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
    /// List the invitations that were not accepted yet
    List(list::Args),
    /// Mail a new link to an invited user; the earlier link is refused from then on
    Resend(resend::Args),
    /// Revoke an invitation: delete it and its account, which was never used
    Revoke(revoke::Args),
}

pub(super) async fn run(context: &Context, args: Args) -> Result<(), CliError> {
    match args.action {
        Action::List(args) => list::run(context, &args).await,
        Action::Resend(args) => resend::run(context, &args).await,
        Action::Revoke(args) => revoke::run(context, &args).await,
    }
}
