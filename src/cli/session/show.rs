use super::row::listed;
use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::target::{parse_session, unknown_session};
use crate::usecases::ShowSessionError;

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc session show 01990000-0000-7000-8000-000000000001

The output has the members that svc session list prints. svc session explain says why the \
session is accepted or not.")]
pub(super) struct Args {
    /// ID of the session
    id: String,
}

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let id = parse_session(&args.id)?;
    let container = context.reader()?;
    let found = container.use_cases.sessions.show.run(id).await;
    let found = found.map_err(|error| match error {
        ShowSessionError::NotFound => unknown_session(id),
        ShowSessionError::Failed(failure) => context.failure(&failure),
    })?;
    context.output.print(&listed(&found))
}
