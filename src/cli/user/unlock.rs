use super::change::update_error;
use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::operator;
use crate::cli::output::user_value;
use crate::cli::target::UserArgument;

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc user unlock ada@example.com

The user can log in again. Sessions that the lock revoked stay revoked. The output is the user \
as GET /api/v1/users/ID shows it.")]
pub(super) struct Args {
    #[command(flatten)]
    user: UserArgument,
}

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let user = args.user.parse()?;
    let container = context.changer().await?;
    let unlocked = container.use_cases.users.unlock.run(&user, operator::actor()).await;
    let unlocked = unlocked.map_err(|error| update_error(context, &args.user, error))?;
    context.output.print(&user_value(&unlocked))
}
