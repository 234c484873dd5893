//! `svc token`: looks into tokens.

mod inspect;

use clap::Subcommand;

use super::context::Context;
use super::exit::CliError;
pub(super) use inspect::inspected;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Decode an access token, and say what verifies
    Inspect(inspect::Args),
}

pub(super) async fn run(context: &Context, args: Args) -> Result<(), CliError> {
    let Action::Inspect(args) = args.action;
    inspect::run(context, &args).await
}
