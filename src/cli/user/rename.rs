use super::change::update_error;
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::cli::operator;
use crate::cli::output::user_value;
use crate::cli::target::UserArgument;
use crate::domain::{DisplayName, OneLine};

#[derive(Debug, clap::Args)]
#[command(override_usage = "svc user rename [OPTIONS] <ID|EMAIL> <NAME|--remove>")]
#[command(group(clap::ArgGroup::new("new").required(true)))]
#[command(after_long_help = "\
Examples:
  svc user rename ada@example.com 'Ada Lovelace'
  svc user rename ada@example.com --remove

The output is the user as GET /api/v1/users/ID shows it.")]
pub(super) struct Args {
    #[command(flatten)]
    user: UserArgument,
    /// New display name
    #[arg(group = "new")]
    name: Option<String>,
    /// Remove the display name
    #[arg(long, group = "new")]
    remove: bool,
}

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let user = args.user.parse()?;
    let name = args.name.as_deref().map(DisplayName::parse).transpose();
    let name = name.map_err(|error| CliError::new(Exit::BadData, format!("the name: {error}")))?;
    let container = context.changer().await?;
    let renamed = container.use_cases.users.rename.run(&user, name, operator::actor()).await;
    let renamed = renamed.map_err(|error| update_error(context, &args.user, error))?;
    context.output.print(&user_value(&renamed))
}
