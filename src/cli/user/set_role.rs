use super::change::update_error;
use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::operator;
use crate::cli::output::user_value;
use crate::cli::target::UserArgument;
use crate::cli::values::word;
use crate::domain::Role;

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc user set-role ada@example.com admin
  svc user set-role ada@example.com user

The role takes effect at the next request of the user. The output is the user as \
GET /api/v1/users/ID shows it.")]
pub(super) struct Args {
    #[command(flatten)]
    user: UserArgument,
    /// New role
    #[arg(value_parser = word::<Role>(Role::WORDS))]
    role: Role,
}

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let user = args.user.parse()?;
    let container = context.changer().await?;
    let changed = container.use_cases.users.set_role.run(&user, args.role, operator::actor()).await;
    let changed = changed.map_err(|error| update_error(context, &args.user, error))?;
    context.output.print(&user_value(&changed))
}
