use super::change::{end_rights, last_admin};
use crate::cli::confirm::ConfirmArgs;
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::cli::operator;
use crate::cli::target::UserArgument;
use crate::usecases::{DeleteUserError, Precondition};

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc user delete ada@example.com
  svc user delete ada@example.com --dry-run
  svc user delete 01990000-0000-7000-8000-000000000001 --yes

A deleted user cannot be restored; the email address is free again. The events and the audit \
trail stay. The output is the user as GET /api/v1/users/ID showed it, sessions_revoked (how many sessions were live) \
and dry_run.")]
pub(super) struct Args {
    #[command(flatten)]
    user: UserArgument,
    #[command(flatten)]
    confirm: ConfirmArgs,
}

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    end_rights(context, (&args.user, args.confirm), "delete", async |container, id| {
        let deleted = container.use_cases.users.delete.run(id, &Precondition::Any, operator::actor()).await;
        deleted.map(|()| None).map_err(|error| match error {
            DeleteUserError::NotFound => args.user.unknown(),
            DeleteUserError::LastAdmin => last_admin(&args.user),
            DeleteUserError::PreconditionFailed => CliError::new(Exit::Failed, error.to_string()),
            DeleteUserError::Failed(failure) => context.failure(&failure),
        })
    })
    .await
}
