use super::change::{changed, last_admin, plan_error, sessions};
use crate::cli::confirm::ConfirmArgs;
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::cli::operator;
use crate::cli::target::UserArgument;
use crate::usecases::{DeleteUserError, PlannedChange, Precondition};

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc user delete ada@example.com
  svc user delete ada@example.com --dry-run
  svc user delete 01990000-0000-7000-8000-000000000001 --yes

A deleted user cannot be restored; the email address is free again. The events and the audit
trail stay. The output is the user as it was, sessions_revoked (how many sessions were live)
and dry_run.")]
pub(super) struct Args {
    #[command(flatten)]
    user: UserArgument,
    #[command(flatten)]
    confirm: ConfirmArgs,
}

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let user = args.user.parse()?;
    let container = context.container()?;
    let plan = container.use_cases.plan_user_change.run(&user, PlannedChange::EndsAdmin).await;
    let plan = plan.map_err(|error| plan_error(context, &args.user, error))?;
    let question = format!("delete the user {} and revoke {}", plan.user.email.as_str(), sessions(&plan));
    if !args.confirm.decide(&question)? {
        return context.output.print(&changed(&plan.user, plan.sessions, true));
    }
    // By id: the email address may belong to another user by now.
    let deleted = &container.use_cases.delete_user;
    let deleted = deleted.run(plan.user.id, &Precondition::Any, operator::actor()).await;
    deleted.map_err(|error| match error {
        DeleteUserError::NotFound => args.user.unknown(),
        DeleteUserError::LastAdmin => last_admin(&args.user),
        DeleteUserError::PreconditionFailed => CliError::new(Exit::Failed, error.to_string()),
        DeleteUserError::Failed(failure) => context.failure(&failure),
    })?;
    context.output.print(&changed(&plan.user, plan.sessions, false))
}
