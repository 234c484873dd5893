use crate::cli::context::Context;
use crate::cli::create_user;
use crate::cli::exit::CliError;

/// Create a user. The same as `svc create-user`.
#[derive(Debug, clap::Args)]
#[group(skip)]
#[command(after_long_help = "\
Examples:
  svc user create --email ada@example.com --name Ada
  svc user create --email root@example.com --role admin --generate-password
  svc user create --email ada@example.com --password-file /run/secrets/password
  svc user create --email ada@example.com --password-hash-file ada.bcrypt

The output is the user as GET /api/v1/users/ID shows it, and with --generate-password the \
password.")]
pub(super) struct Args {
    #[command(flatten)]
    user: create_user::Args,
}

pub(super) async fn run(context: &Context, args: Args) -> Result<(), CliError> {
    create_user::run(context, args.user).await
}
