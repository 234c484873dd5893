//! `svc user`: operates on users.
//!
//! **Here**: one file per verb, and the output and the errors that changes share
//! (`change`).

mod change;
mod create;
mod delete;
mod invite;
mod list;
mod lock;
mod rename;
mod set_metadata;
mod set_password;
mod set_role;
mod show;
mod unlock;
mod verify_email;

use clap::Subcommand;

use super::context::Context;
use super::exit::CliError;

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
    /// Create a user without a password, and mail an invitation to set one
    Invite(invite::Args),
    /// Lock a user: no log-in, and all sessions are revoked
    Lock(lock::Args),
    /// Unlock a user
    Unlock(unlock::Args),
    /// Change the role of a user
    SetRole(set_role::Args),
    /// Change the metadata that applications keep about a user
    SetMetadata(set_metadata::Args),
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
        Action::Invite(args) => invite::run(context, args).await,
        Action::Lock(args) => lock::run(context, &args).await,
        Action::Unlock(args) => unlock::run(context, &args).await,
        Action::SetRole(args) => set_role::run(context, &args).await,
        Action::SetMetadata(args) => set_metadata::run(context, &args).await,
        Action::SetPassword(args) => set_password::run(context, &args).await,
        Action::VerifyEmail(args) => verify_email::run(context, &args).await,
        Action::Rename(args) => rename::run(context, &args).await,
        Action::Delete(args) => delete::run(context, &args).await,
    }
}
