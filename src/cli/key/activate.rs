use super::changed::{self, decide};
use super::named::KeyArgument;
use crate::cli::confirm::ConfirmArgs;
use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::operator;

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc key activate oKIywvGUpTVTyxMQ
  svc key activate oKIywvGUpTVTyxMQ --dry-run

Services that verify tokens keep the key set for up to 5 minutes. A key can be activated 6 minutes
after it was generated: then all of them have it, and none refuses a token.")]
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
    let container = changed::prepared(context).await?;
    let id = args.key.find(context, &container).await?;
    let activate = async |dry_run| {
        let done = container.use_cases.activate_key.run(&id, args.force, dry_run, operator::actor()).await;
        done.map_err(|failed| changed::error(context, &failed))
    };
    let plan = activate(true).await?;
    if !decide(args.confirmation, &plan, false, &format!("activate the key {id}"))? {
        return changed::print(context, &plan, None, true);
    }
    changed::print(context, &activate(false).await?, None, false)
}
