use super::changed::{self, LeakArgs, output};
use super::named::KeyArgument;
use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::operator;

#[derive(Debug, clap::Args)]
#[command(after_long_help = concat!("\
Examples:
  svc key remove oKIywvGUpTVTyxMQ
  svc key remove oKIywvGUpTVTyxMQ --force --yes

The worker removes retired keys when their tokens have expired, so there is seldom a reason to.

", output!(of_leak)))]
pub(super) struct Args {
    #[command(flatten)]
    key: KeyArgument,
    /// Remove the key although tokens that it signed may be valid: they are refused
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    leak: LeakArgs,
}

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    changed::end(context, (&args.key, args.leak), "remove", async |container, id, dry_run| {
        container.use_cases.keys.remove.run(id, args.force, dry_run, operator::actor()).await
    })
    .await
}
