use super::changed::{self, LeakArgs};
use super::named::KeyArgument;
use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::operator;

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc key remove oKIywvGUpTVTyxMQ
  svc key remove oKIywvGUpTVTyxMQ --force --yes

The worker removes retired keys when their tokens have expired, so there is seldom a reason to.

The output is an object: changes (a list of change, id and algorithm, where change is generated, \
planned, activated, retired, removed or compromised), breaks (a list of texts about what stops \
working), planned (id and activates_at of the key that becomes active later, or null) and \
dry_run. With --compromised, sessions_revoked is the number of sessions that \
were ended.")]
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
