use crate::cli::columns::Column;
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::cli::listing::Part;
use crate::cli::output::user_value;
use crate::cli::target::parse_id;
use crate::cli::values::word;
use crate::domain::{Email, Role, UserId, UserStatus};
use crate::ports::store::UserFilter;
use crate::usecases::PageRequest;

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc user list --role admin
  svc user list --status locked --limit 200
  svc user list --all -o json | jq -r .email

The output is a list of users as GET /api/v1/users shows them. With --all and -o json, it is \
one JSON object per line.")]
pub(super) struct Args {
    /// Only the user with this email address
    #[arg(long)]
    email: Option<String>,
    /// Only users with this role
    #[arg(long, value_parser = word::<Role>(Role::WORDS))]
    role: Option<Role>,
    /// Only users with this status
    #[arg(long, value_parser = word::<UserStatus>(UserStatus::WORDS))]
    status: Option<UserStatus>,
    #[command(flatten)]
    part: Part,
}

const COLUMNS: &[Column] =
    &[Column::text("id", 36), Column::text("role", 5), Column::text("status", 6), Column::rest("email", 24)];

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let filter = filter(args)?;
    let container = context.reader()?;
    let mut listing = args.part.print(&context.output, COLUMNS);
    let mut after = args.part.after().map(|text| parse_id(text, "--after").map(UserId)).transpose()?;
    while let Some(limit) = listing.wants() {
        let request = PageRequest { filter: filter.clone(), after, limit };
        let page = container.use_cases.users.list.run(&request).await;
        let page = page.map_err(|failure| context.failure(&failure))?;
        for user in &page.items {
            listing.push(user_value(user))?;
        }
        after = page.next.map(UserId);
        listing.turn(page.next);
    }
    listing.end("users")
}

fn filter(args: &Args) -> Result<UserFilter, CliError> {
    let email = args.email.as_deref().map(Email::parse).transpose();
    let email = email.map_err(|error| CliError::new(Exit::BadData, format!("--email: {error}")))?;
    Ok(UserFilter { email, role: args.role, status: args.status })
}
