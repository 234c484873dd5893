use serde_json::json;

use super::row::not_invited;
use crate::cli::confirm::ConfirmArgs;
use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::operator;
use crate::cli::output::user_value;
use crate::cli::target::UserArgument;
use crate::domain::UserRef;
use crate::usecases::{RevokeInvitationError, ShowUserDetailsError};

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc invitation revoke ada@example.com
  svc invitation revoke ada@example.com --yes

The output is the user as GET /api/v1/users/ID showed it, and dry_run.")]
pub(super) struct Args {
    #[command(flatten)]
    user: UserArgument,
    #[command(flatten)]
    confirm: ConfirmArgs,
}

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let user = args.user.parse()?;
    let container = context.changer_for(args.confirm).await?;
    let found = container.use_cases.users.show_details.run(&user).await.map_err(|error| match error {
        ShowUserDetailsError::NotFound => not_invited(&args.user),
        ShowUserDetailsError::Failed(failure) => context.failure(&failure),
    })?;
    if found.invitation.is_none() {
        return Err(not_invited(&args.user));
    }
    let question = format!("revoke the invitation of {} and delete the account", found.user.email.as_str());
    let is_real = args.confirm.decide(&question)?;
    if is_real {
        // By id: the email address may belong to another user by now.
        let user = UserRef::Id(found.user.id);
        let revoked = container.use_cases.invitations.revoke.run(&user, operator::actor()).await;
        revoked.map_err(|error| match error {
            RevokeInvitationError::NotFound => not_invited(&args.user),
            RevokeInvitationError::Failed(failure) => context.failure(&failure),
        })?;
    }
    let mut value = user_value(&found.user);
    value["dry_run"] = json!(!is_real);
    context.output.print(&value)
}
