use crate::cli::columns::Column;
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::cli::listing::Part;
use crate::cli::output::user_value;
use crate::cli::target::parse_id;
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
    /// Only users with this role: user or admin
    #[arg(long)]
    role: Option<String>,
    /// Only users with this status: active or locked
    #[arg(long)]
    status: Option<String>,
    #[command(flatten)]
    part: Part,
}

/// 79 columns together with the spaces between them.
const COLUMNS: &[Column] =
    &[Column::text("id", 36), Column::text("email", 26), Column::text("role", 5), Column::text("status", 6)];

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let filter = filter(args)?;
    let container = context.reader()?;
    let mut listing = args.part.print(&context.output, COLUMNS);
    let mut after = args.part.after().map(|text| parse_id(text, "--after").map(UserId)).transpose()?;
    while let Some(limit) = listing.wants() {
        let request = PageRequest { filter: filter.clone(), after, limit };
        let page = container.use_cases.list_users.run(&request).await;
        let page = page.map_err(|failure| context.failure(&failure))?;
        for user in &page.items {
            listing.push(user_value(user))?;
        }
        after = page.next.map(UserId);
        listing.turn(page.next);
    }
    listing.end()
}

fn filter(args: &Args) -> Result<UserFilter, CliError> {
    let refused = |option: &str, reason: &dyn std::fmt::Display| {
        CliError::new(Exit::BadData, format!("--{option}: {reason}"))
    };
    let email = args.email.as_deref().map(Email::parse).transpose();
    let role = args.role.as_deref().map(str::parse::<Role>).transpose();
    let status = args.status.as_deref().map(str::parse::<UserStatus>).transpose();
    Ok(UserFilter {
        email: email.map_err(|error| refused("email", &error))?,
        role: role.map_err(|error| refused("role", &error))?,
        status: status.map_err(|error| refused("status", &error))?,
    })
}
