use super::changed::{self, output};
use super::named::KeyArgument;
use crate::cli::confirm::ConfirmArgs;
use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::operator;

#[derive(Debug, clap::Args)]
#[command(after_long_help = concat!("\
Examples:
  svc key activate oKIywvGUpTVTyxMQ
  svc key activate oKIywvGUpTVTyxMQ --dry-run

Services that verify tokens keep the key set for up to 5 minutes. A key can be activated 6 minutes \
after it was generated: then all of them have it, and none refuses a token.

", output!()))]
pub(super) struct Args {
    #[command(flatten)]
    key: KeyArgument,
    /// Activate the key before all services have it: they may refuse its tokens
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    confirmation: ConfirmArgs,
}

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let container = changed::prepared(context, args.confirmation).await?;
    let id = args.key.find(context, &container).await?;
    let key = &container.use_cases.keys.activate;
    changed::change(context, args.confirmation, (&format!("activate the key {id}"), false), async |dry_run| {
        key.run(&id, args.force, dry_run, operator::actor()).await
    })
    .await
}
