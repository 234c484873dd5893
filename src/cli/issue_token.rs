use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::json;

use super::context::Context;
use super::exit::{CliError, Exit};
use super::operator;
use super::output::Output;
use super::selected::parse_user;
use super::values::duration;
use crate::domain::{Audience, OneLine};
use crate::usecases::{IssueTokenError, TokenRequest};

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc issue-token --user ada@example.com
  svc -o json issue-token --user ada@example.com --ttl 1h --refresh

The output is an object: access_token, token_type (Bearer), expires_in (seconds), session_id, \
user_id, and with --refresh the refresh_token.")]
pub(super) struct Args {
    /// User that the token is for: an ID or an email address
    #[arg(long, value_name = "ID|EMAIL")]
    user: String,
    /// Lifetime of the access token, at most 24h [default: `security.token.access_lifetime`]
    #[arg(long, value_name = "DURATION", value_parser = duration, allow_hyphen_values = true)]
    ttl: Option<Duration>,
    /// Service that the tokens are for, from `security.token.audience` [default: the first one, this service]
    #[arg(long)]
    audience: Option<String>,
    /// Issue a refresh token too, so that the session outlives the access token
    #[arg(long)]
    refresh: bool,
}

pub(super) async fn run(context: &Context, args: Args) -> Result<(), CliError> {
    let user = parse_user(&args.user)?;
    let audience = args.audience.as_deref().map(Audience::parse).transpose();
    let audience = audience.map_err(|error| CliError::new(Exit::Usage, format!("--audience: {error}")))?;
    Output::can_print_once()?;
    let container = context.changer().await?;
    container.migrate_if_embedded().await.map_err(|error| context.store_error(&error))?;
    container.use_cases.keys.prepare.run().await.map_err(|error| context.key_error(&error))?;
    let actor = operator::actor();
    let request = TokenRequest { user, ttl: args.ttl, refresh: args.refresh, audience, actor };
    let issued = container.use_cases.auth.issue_token.run(&request).await.map_err(|error| match error {
        IssueTokenError::NotFound => CliError::new(Exit::NoUser, error.to_string()),
        IssueTokenError::AccountLocked | IssueTokenError::AccountBanned => {
            CliError::new(Exit::Failed, error.to_string())
        }
        IssueTokenError::BadLifetime => CliError::new(Exit::Usage, format!("--ttl: {error}")),
        IssueTokenError::UnknownAudience => CliError::new(Exit::Usage, format!("--audience: {error}")),
        IssueTokenError::Failed(failure) => context.failure(&failure),
    })?;
    let mut row = json!({
        "access_token": issued.access_token.expose_secret(),
        "token_type": "Bearer",
        "expires_in": issued.expires_in.as_secs(),
        "session_id": issued.session.id.to_string(),
        "user_id": issued.session.user_id.to_string(),
    });
    if let Some(token) = &issued.refresh_token {
        row["refresh_token"] = json!(token.expose_secret());
    }
    context.output.print_once(&row)
}
