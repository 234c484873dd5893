use super::changed::{self, output};
use crate::cli::confirm::ConfirmArgs;
use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::operator;

#[derive(Debug, clap::Args)]
#[command(after_long_help = concat!("\
Examples:
  svc key rotate
  svc key rotate --dry-run

The first run publishes a key. Six minutes later, when every service has it, the worker signs with \
it and retires the one before; without a worker, run the command again then. No token is refused. \
A run in between changes nothing, and says when the key becomes active. If a key has leaked, use \
`svc key retire KEY --compromised`.

", output!()))]
pub(super) struct Args {
    /// Sign with the new key at once: services that cached the key set may refuse its tokens
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    confirmation: ConfirmArgs,
}

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let container = changed::prepared(context, args.confirmation).await?;
    let key = &container.use_cases.keys.rotate;
    changed::change(context, args.confirmation, ("replace the key that signs", false), async |dry_run| {
        key.run(args.force, dry_run, operator::actor()).await
    })
    .await
}
