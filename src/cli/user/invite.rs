use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::cli::output::user_value;
use crate::cli::register::{NewUser, NewUserArgs, register};
use crate::domain::Email;
use crate::usecases::Credential;

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc user invite ada@example.com --name Ada
  svc user invite root@example.com --role admin

The user gets a mail with a link that sets the password and verifies the email address. It is \
valid once, for security.mail_token.invitation. svc invitation lists, resends and revokes \
invitations. The output is the user as GET /api/v1/users/ID shows it.")]
pub(super) struct Args {
    /// Email address to which the invitation is mailed
    email: String,
    #[command(flatten)]
    new: NewUserArgs,
}

pub(super) async fn run(context: &Context, args: Args) -> Result<(), CliError> {
    let invalid = |error| CliError::new(Exit::BadData, format!("the email address: {error}"));
    let email = Email::parse(&args.email).map_err(invalid)?;
    let new = NewUser::parse(email, &args.new, false)?;
    // A mail is only sent where a worker runs, so this is never the first command of an installation.
    let container = context.changer().await?;
    let user = register(context, &container, new, Credential::Invitation).await?;
    context.output.print(&user_value(&user))
}
