use serde_json::{Value, json};

use crate::cli::audit::row;
use crate::cli::ban::row::row as shown_ban;
use crate::cli::columns::Column;
use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::invitation::row::row as invitation_row;
use crate::cli::output::user_value;
use crate::cli::session::row::shown as shown_session;
use crate::cli::target::UserArgument;
use crate::domain::{Invitation, InvitedUser, MailToken, SessionState};
use crate::usecases::{ShowUserDetailsError, UserDetails};

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc user show ada@example.com
  svc user show ada@example.com -o json | jq '.sessions[].id'

The output is the user as GET /api/v1/users/ID shows it, and:
  has_password  false for an invited user, and after the owner of the email
                address disowned the account
  invitation    the invitation that was not accepted yet, as svc invitation
                list prints it, or null
  ban           the ban of the user, as svc ban list prints it, or null
  sessions      the newest live sessions, at most 100, as svc session list
                prints them
  mail_tokens   the links in mails that can still be used: purpose, email,
                created_at, expires_at
  audit         the last 10 audit entries, as svc audit list prints them")]
pub(super) struct Args {
    #[command(flatten)]
    user: UserArgument,
}

const SESSIONS: &[Column] =
    &[Column::text("id", 36), Column::time("last_used_at"), Column::rest("address", 23)];
const MAIL_TOKENS: &[Column] =
    &[Column::text("purpose", 14), Column::time("expires_at"), Column::rest("email", 45)];
const AUDIT: &[Column] = &[Column::time("time"), Column::text("type", 36), Column::rest("actor", 23)];

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let user = args.user.parse()?;
    let container = context.reader()?;
    let details = container.use_cases.users.show_details.run(&user).await;
    let details = details.map_err(|error| match error {
        ShowUserDetailsError::NotFound => args.user.unknown(),
        ShowUserDetailsError::Failed(failure) => context.failure(&failure),
    })?;
    let lists = [("sessions", SESSIONS), ("mail_tokens", MAIL_TOKENS), ("audit", AUDIT)];
    context.output.print_with_lists(&value(&details), &lists)
}

fn value(details: &UserDetails) -> Value {
    let UserDetails { user, has_password, invitation, ban, sessions, mail_tokens, audit } = details;
    let session = |session| shown_session(session, &user.email, SessionState::Live);
    let mut value = user_value(user);
    value["has_password"] = json!(has_password);
    let invited = |invitation: &Invitation| {
        invitation_row(&InvitedUser { user: user.clone(), invitation: invitation.clone() })
    };
    value["invitation"] = invitation.as_ref().map_or(Value::Null, invited);
    value["ban"] = ban.as_ref().map_or(Value::Null, shown_ban);
    value["sessions"] = sessions.iter().map(session).collect();
    value["mail_tokens"] = mail_tokens.iter().map(mail_token).collect();
    value["audit"] = audit.iter().map(row).collect();
    value
}

fn mail_token(token: &MailToken) -> Value {
    json!({
        "purpose": token.purpose.as_str(),
        "email": token.email.as_str(),
        "created_at": token.created_at.to_string(),
        "expires_at": token.expires_at.to_string(),
    })
}
