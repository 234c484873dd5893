use serde_json::{Value, json};

use crate::cli::confirm::ConfirmArgs;
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::cli::output::user_value;
use crate::cli::target::UserArgument;
use crate::container::Container;
use crate::domain::{User, UserId, counted};
use crate::usecases::{PlanUserChangeError, PlannedChange, UpdateUserError, UserChangePlan};

/// The result of a change that revokes sessions: the user, the number of sessions that were live before, and
/// whether it was a dry run.
pub(super) fn changed(user: &User, sessions_revoked: u64, dry_run: bool) -> Value {
    let mut value = user_value(user);
    value["sessions_revoked"] = json!(sessions_revoked);
    value["dry_run"] = json!(dry_run);
    value
}

/// The live sessions of a plan, in words.
pub(super) fn sessions(plan: &UserChangePlan) -> String {
    match plan.sessions {
        0 => "no session".to_owned(),
        count => counted(count, "session"),
    }
}

/// Finds the user and the sessions that a change would concern, and fails if the change would be refused.
pub(super) async fn plan(
    context: &Context,
    container: &Container,
    user: &UserArgument,
    change: PlannedChange,
) -> Result<UserChangePlan, CliError> {
    let plan = container.use_cases.users.plan.run(&user.parse()?, change).await;
    plan.map_err(|error| match error {
        PlanUserChangeError::NotFound => user.unknown(),
        PlanUserChangeError::LastAdmin => last_admin(user),
        PlanUserChangeError::Failed(failure) => context.failure(&failure),
    })
}

/// Ends the rights of a user, as `verb` says ("lock"), after a question: plans, asks, makes the change, and
/// prints the user and the number of sessions.
///
/// `make` gets the id of the planned user, since the email address may belong to another user after the
/// question. It returns the user after the change, or `None` if there is none any more.
pub(super) async fn end_rights(
    context: &Context,
    (user, confirm): (&UserArgument, ConfirmArgs),
    verb: &str,
    make: impl AsyncFnOnce(&Container, UserId) -> Result<Option<User>, CliError>,
) -> Result<(), CliError> {
    // Before anything is opened or created.
    user.parse()?;
    let container = context.changer_for(confirm).await?;
    let plan = plan(context, &container, user, PlannedChange::EndsAdmin).await?;
    let question = format!("{verb} the user {} and revoke {}", plan.user.email.as_str(), sessions(&plan));
    if !confirm.decide(&question)? {
        return context.output.print(&changed(&plan.user, plan.sessions, true));
    }
    let after = make(&container, plan.user.id).await?.unwrap_or(plan.user);
    context.output.print(&changed(&after, plan.sessions, false))
}

pub(super) fn update_error(context: &Context, user: &UserArgument, error: UpdateUserError) -> CliError {
    match error {
        UpdateUserError::NotFound => user.unknown(),
        UpdateUserError::LastAdmin => last_admin(user),
        UpdateUserError::PreconditionFailed => CliError::new(Exit::Failed, error.to_string()),
        UpdateUserError::MetadataTooLong(_) | UpdateUserError::AppMetadataTooLong(_) => {
            CliError::new(Exit::BadData, error.to_string())
        }
        UpdateUserError::Failed(failure) => context.failure(&failure),
    }
}

pub(super) fn last_admin(user: &UserArgument) -> CliError {
    let cure = "give another active user the role admin first: svc user set-role ID|EMAIL admin";
    CliError::new(Exit::Failed, format!("{user} is the last active administrator; {cure}"))
}
