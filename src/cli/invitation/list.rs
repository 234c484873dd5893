use super::row::row;
use crate::cli::columns::Column;
use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::listing::Part;
use crate::cli::target::parse_id;
use crate::domain::UserId;

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc invitation list
  svc invitation list --all -o json | jq -r .email

The output is a list of objects as GET /api/v1/invitations shows them: id, email, name, role, \
sent_at and expires_at. With --all and -o json, it is one object per line.")]
pub(super) struct Args {
    #[command(flatten)]
    part: Part,
}

const COLUMNS: &[Column] = &[Column::text("id", 36), Column::text("email", 20), Column::time("expires_at")];

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let container = context.reader()?;
    let mut listing = args.part.print(&context.output, COLUMNS);
    let mut after = args.part.after().map(|text| parse_id(text, "--after").map(UserId)).transpose()?;
    while let Some(limit) = listing.wants() {
        let page = container.use_cases.invitations.list.run(after, limit).await;
        let page = page.map_err(|failure| context.failure(&failure))?;
        for invited in &page.items {
            listing.push(row(invited))?;
        }
        after = page.next.map(UserId);
        listing.turn(page.next);
    }
    listing.end("invitations")
}
