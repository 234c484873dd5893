use super::row::{not_invited, row};
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::cli::operator;
use crate::cli::target::UserArgument;
use crate::usecases::ResendInvitationError;

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc invitation resend ada@example.com

The output is the invitation as svc invitation list prints it.")]
pub(super) struct Args {
    #[command(flatten)]
    user: UserArgument,
}

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let user = args.user.parse()?;
    let container = context.changer().await?;
    // Under another secret key the link in the mail would be useless.
    container.use_cases.keys.prepare.run().await.map_err(|error| context.key_error(&error))?;
    let sent = container.use_cases.invitations.resend.run(&user, operator::actor()).await;
    let sent = sent.map_err(|error| match error {
        ResendInvitationError::NotFound => not_invited(&args.user),
        ResendInvitationError::Closed => CliError::new(Exit::Failed, error.to_string()),
        ResendInvitationError::Failed(failure) => context.failure(&failure),
    })?;
    context.output.print(&row(&sent))
}
