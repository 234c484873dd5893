use super::row::listed;
use crate::cli::columns::Column;
use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::listing::Part;
use crate::cli::selected::parse_user;
use crate::cli::target::{parse_session, unknown_user};
use crate::domain::SessionId;
use crate::usecases::{BrowseSessionsError, SessionQuery};

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc session list --user ada@example.com
  svc session list --user ada@example.com --ended
  svc session list --all -o json | jq -r 'select(.label == \"cli\") | .id'

The output is a list of objects: id, user_id, email, state (live, revoked or expired), label \
(cli for svc issue-token), audience (of its tokens; null for this service), address and agent of \
the client that used it last, opened_address and opened_agent of the client that opened it, \
created_at, last_used_at, expires_at, refreshes, revoked_at and revoked_reason. With --all and \
-o json, it is one object per line.")]
pub(super) struct Args {
    /// Only the sessions of this user
    #[arg(long, value_name = "ID|EMAIL")]
    user: Option<String>,
    /// List sessions that were revoked or have expired too
    #[arg(long)]
    ended: bool,
    #[command(flatten)]
    part: Part,
}

const LIVE: &[Column] = &[
    Column::text("id", 36),
    Column::time("last_used_at"),
    Column::text("address", 39).optional(),
    Column::rest("email", 15),
];
/// Why a session was revoked is more than that it was.
const ENDED: &[Column] = &[
    Column::text("id", 36),
    Column::text("state", 21).or_rather("revoked_reason"),
    Column::time("last_used_at").optional(),
    Column::time("revoked_at").optional(),
    Column::rest("email", 15),
];

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let user = args.user.as_deref().map(parse_user).transpose()?;
    let mut after = args.part.after().map(parse_session).transpose()?;
    let container = context.reader()?;
    let mut listing = args.part.print(&context.output, if args.ended { ENDED } else { LIVE });
    while let Some(limit) = listing.wants() {
        let query = SessionQuery { user: user.clone(), ended: args.ended, after, limit };
        let page = container.use_cases.sessions.browse.run(&query).await;
        let page = page.map_err(|error| match error {
            BrowseSessionsError::NoSuchUser => unknown_user(args.user.as_deref().unwrap_or_default()),
            BrowseSessionsError::Failed(failure) => context.failure(&failure),
        })?;
        for session in &page.items {
            listing.push(listed(session))?;
        }
        after = page.next.map(SessionId);
        listing.turn(page.next);
    }
    listing.end("sessions")
}
