use serde_json::{Value, json};

use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::cli::output::user_value;
use crate::cli::target::UserArgument;
use crate::domain::User;
use crate::usecases::{PlanUserChangeError, UpdateUserError, UserChangePlan};

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
        1 => "1 session".to_owned(),
        count => format!("{count} sessions"),
    }
}

pub(super) fn plan_error(context: &Context, user: &UserArgument, error: PlanUserChangeError) -> CliError {
    match error {
        PlanUserChangeError::NotFound => user.unknown(),
        PlanUserChangeError::LastAdmin => last_admin(user),
        PlanUserChangeError::Failed(failure) => context.failure(&failure),
    }
}

pub(super) fn update_error(context: &Context, user: &UserArgument, error: UpdateUserError) -> CliError {
    match error {
        UpdateUserError::NotFound => user.unknown(),
        UpdateUserError::LastAdmin => last_admin(user),
        UpdateUserError::PreconditionFailed => CliError::new(Exit::Failed, error.to_string()),
        UpdateUserError::Failed(failure) => context.failure(&failure),
    }
}

pub(super) fn last_admin(user: &UserArgument) -> CliError {
    let cure = "give another active user the role admin first: svc user set-role ID|EMAIL admin";
    CliError::new(Exit::Failed, format!("{user} is the last active administrator; {cure}"))
}
