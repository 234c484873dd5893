use super::change::{end_rights, update_error};
use crate::cli::confirm::ConfirmArgs;
use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::operator;
use crate::cli::target::UserArgument;
use crate::domain::UserRef;

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc user lock ada@example.com
  svc user lock ada@example.com --yes -o json
  svc user lock ada@example.com --dry-run

The output is the user as GET /api/v1/users/ID shows it, sessions_revoked (how many sessions \
were live) and dry_run.")]
pub(super) struct Args {
    #[command(flatten)]
    user: UserArgument,
    #[command(flatten)]
    confirm: ConfirmArgs,
}

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    end_rights(context, (&args.user, args.confirm), "lock", async |container, id| {
        let locked = container.use_cases.users.lock.run(&UserRef::Id(id), operator::actor()).await;
        locked.map(Some).map_err(|error| update_error(context, &args.user, error))
    })
    .await
}
