//! `svc user`: operates on users.
//!
//! **Here**: one file per verb, and the output and the errors that they share.

mod create;
mod delete;
mod list;
mod lock;
mod rename;
mod set_password;
mod set_role;
mod show;
mod unlock;
mod verify_email;

use clap::Subcommand;
use serde_json::{Value, json};

use super::context::Context;
use super::exit::{CliError, Exit};
use super::output::user_value;
use super::target::UserArgument;
use crate::usecases::{PlanUserChangeError, UpdateUserError, UserChangePlan};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List users in the order of registration
    List(list::Args),
    /// Show a user with sessions, mailed tokens, ban and the last audit entries
    Show(show::Args),
    /// Create a user
    Create(create::Args),
    /// Lock a user: no log-in, and all sessions are revoked
    Lock(lock::Args),
    /// Unlock a user
    Unlock(unlock::Args),
    /// Change the role of a user
    SetRole(set_role::Args),
    /// Set the password of a user, and revoke all sessions
    SetPassword(set_password::Args),
    /// Mark the email address of a user as verified
    VerifyEmail(verify_email::Args),
    /// Change or remove the display name of a user
    Rename(rename::Args),
    /// Delete a user and all their sessions
    Delete(delete::Args),
}

pub(super) async fn run(context: &Context, args: Args) -> Result<(), CliError> {
    match args.action {
        Action::List(args) => list::run(context, &args).await,
        Action::Show(args) => show::run(context, &args).await,
        Action::Create(args) => create::run(context, args).await,
        Action::Lock(args) => lock::run(context, &args).await,
        Action::Unlock(args) => unlock::run(context, &args).await,
        Action::SetRole(args) => set_role::run(context, &args).await,
        Action::SetPassword(args) => set_password::run(context, &args).await,
        Action::VerifyEmail(args) => verify_email::run(context, &args).await,
        Action::Rename(args) => rename::run(context, &args).await,
        Action::Delete(args) => delete::run(context, &args).await,
    }
}

/// The result of a change that revokes sessions: the user, the number of sessions that were live before, and
/// whether it was a dry run.
fn changed(user: &crate::domain::User, sessions_revoked: u64, dry_run: bool) -> Value {
    let mut value = user_value(user);
    value["sessions_revoked"] = json!(sessions_revoked);
    value["dry_run"] = json!(dry_run);
    value
}

/// The live sessions of a plan, in words.
fn sessions(plan: &UserChangePlan) -> String {
    match plan.sessions {
        0 => "no session".to_owned(),
        1 => "1 session".to_owned(),
        count => format!("{count} sessions"),
    }
}

fn plan_error(context: &Context, user: &UserArgument, error: PlanUserChangeError) -> CliError {
    match error {
        PlanUserChangeError::NotFound => user.unknown(),
        PlanUserChangeError::LastAdmin => last_admin(user),
        PlanUserChangeError::Failed(failure) => context.failure(&failure),
    }
}

fn update_error(context: &Context, user: &UserArgument, error: UpdateUserError) -> CliError {
    match error {
        UpdateUserError::NotFound => user.unknown(),
        UpdateUserError::LastAdmin => last_admin(user),
        UpdateUserError::PreconditionFailed => CliError::new(Exit::Failed, error.to_string()),
        UpdateUserError::Failed(failure) => context.failure(&failure),
    }
}

fn last_admin(user: &UserArgument) -> CliError {
    let cure = "give another active user the role admin first: svc user set-role ID|EMAIL admin";
    CliError::new(Exit::Failed, format!("{user} is the last active administrator; {cure}"))
}
