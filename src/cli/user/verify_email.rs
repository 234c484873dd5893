use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::operator;
use crate::cli::output::user_value;
use crate::cli::target::UserArgument;
use crate::usecases::VerifyUserEmailError;

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc user verify-email ada@example.com

Do this only if you know that the email address belongs to the user. The output is the user as \
GET /api/v1/users/ID shows it.")]
pub(super) struct Args {
    #[command(flatten)]
    user: UserArgument,
}

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let user = args.user.parse()?;
    let container = context.changer().await?;
    let verified = container.use_cases.users.verify_email.run(&user, operator::actor()).await;
    let verified = verified.map_err(|error| match error {
        VerifyUserEmailError::NotFound => args.user.unknown(),
        VerifyUserEmailError::Failed(failure) => context.failure(&failure),
    })?;
    context.output.print(&user_value(&verified))
}
