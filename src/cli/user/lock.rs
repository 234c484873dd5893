use super::change::{changed, plan_error, sessions, update_error};
use crate::cli::confirm::ConfirmArgs;
use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::operator;
use crate::cli::target::UserArgument;
use crate::domain::UserRef;
use crate::usecases::PlannedChange;

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc user lock ada@example.com
  svc user lock ada@example.com --yes -o json
  svc user lock ada@example.com --dry-run

The output is the user as GET /api/v1/users/ID shows it, sessions_revoked (how many sessions
were live) and dry_run.")]
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
    let question = format!("lock the user {} and revoke {}", plan.user.email.as_str(), sessions(&plan));
    if !args.confirm.decide(&question)? {
        return context.output.print(&changed(&plan.user, plan.sessions, true));
    }
    // By id: the email address may belong to another user by now.
    let locked = container.use_cases.lock_user.run(&UserRef::Id(plan.user.id), operator::actor()).await;
    let locked = locked.map_err(|error| update_error(context, &args.user, error))?;
    context.output.print(&changed(&locked, plan.sessions, false))
}
