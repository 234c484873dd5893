use super::changed::{self, LeakArgs, output};
use super::named::KeyArgument;
use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::operator;

#[derive(Debug, clap::Args)]
#[command(after_long_help = concat!("\
Examples:
  svc key retire oKIywvGUpTVTyxMQ
  svc key retire oKIywvGUpTVTyxMQ --compromised

A retired key stays in the key set until no token that it signed is valid, a day and 90 seconds \
later. The worker removes it then. Use --compromised if the private key has leaked: every token of \
the key is refused within seconds, another key signs, the sessions whose tokens it signed are \
ended, and their users log in again.

", output!(of_leak)))]
pub(super) struct Args {
    #[command(flatten)]
    key: KeyArgument,
    /// Retire the key although the service signs with it and no other key is active
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    leak: LeakArgs,
}

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    changed::end(context, (&args.key, args.leak), "retire", async |container, id, dry_run| {
        container.use_cases.keys.retire.run(id, args.force, dry_run, operator::actor()).await
    })
    .await
}
