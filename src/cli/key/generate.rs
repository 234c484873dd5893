use super::changed::{self, output};
use crate::cli::confirm::ConfirmArgs;
use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::operator;

#[derive(Debug, clap::Args)]
#[command(after_long_help = concat!("\
Examples:
  svc key generate
  svc key generate --set security.token.algorithm=EdDSA

The key is in the key set (/.well-known/jwks.json), and signs nothing until `svc key activate`.

", output!()))]
pub(super) struct Args {}

pub(super) async fn run(context: &Context, _: &Args) -> Result<(), CliError> {
    let container = changed::prepared(context, ConfirmArgs::default()).await?;
    let done = container.use_cases.keys.generate.run(operator::actor()).await;
    changed::print(context, &done.map_err(|failed| changed::error(context, &failed))?, None, false)
}
