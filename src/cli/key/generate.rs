use super::changed;
use crate::cli::confirm::ConfirmArgs;
use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::operator;

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc key generate
  svc key generate --set security.token.algorithm=EdDSA

The key is in the key set (/.well-known/jwks.json), and signs nothing until `svc key activate`.

The output is an object: changes (a list of change, id and algorithm, where change is generated, \
planned, activated, retired, removed or compromised), breaks (a list of texts about what stops \
working), planned (id and activates_at of the key that becomes active later, or null) and \
dry_run.")]
pub(super) struct Args {}

pub(super) async fn run(context: &Context, _: &Args) -> Result<(), CliError> {
    let container = changed::prepared(context, ConfirmArgs::default()).await?;
    let done = container.use_cases.keys.generate.run(operator::actor()).await;
    changed::print(context, &done.map_err(|failed| changed::error(context, &failed))?, None, false)
}
