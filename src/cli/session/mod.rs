//! `svc session`: operates on sessions.
//!
//! **Here**: one file per verb, and the output of a session.

mod explain;
mod list;
mod revoke;
mod show;

use clap::Subcommand;
use serde_json::{Value, json};

use super::context::Context;
use super::exit::CliError;
use crate::domain::{Email, Session, SessionState};
use crate::usecases::ListedSession;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List sessions, newest first
    List(list::Args),
    /// Show one session, in any state
    Show(show::Args),
    /// Revoke sessions by ID, or all sessions of a user
    Revoke(revoke::Args),
    /// Explain why a session, a refresh token or an access token is accepted or not
    Explain(explain::Args),
}

pub(super) async fn run(context: &Context, args: Args) -> Result<(), CliError> {
    match args.action {
        Action::List(args) => list::run(context, &args).await,
        Action::Show(args) => show::run(context, &args).await,
        Action::Revoke(args) => revoke::run(context, &args).await,
        Action::Explain(args) => explain::run(context, &args).await,
    }
}

/// A session in the output of every command.
pub(super) fn shown(session: &Session, email: &Email, state: SessionState) -> Value {
    json!({
        "id": session.id.to_string(),
        "user_id": session.user_id.to_string(),
        "email": email.as_str(),
        "state": word(state),
        "label": session.label,
        "address": session.client.address.map(|address| address.to_string()),
        "agent": session.client.agent,
        "created_at": session.created_at.to_string(),
        "last_used_at": session.rotated_at.to_string(),
        "expires_at": session.expires_at().to_string(),
        "refreshes": session.generation,
        "revoked_at": session.revoked.map(|revocation| revocation.at.to_string()),
        "revoked_reason": session.revoked.map(|revocation| revocation.reason.as_str()),
    })
}

fn listed(listed: &ListedSession) -> Value {
    shown(&listed.session, &listed.user.email, listed.state)
}

const fn word(state: SessionState) -> &'static str {
    match state {
        SessionState::Live => "live",
        SessionState::Revoked => "revoked",
        SessionState::Expired => "expired",
    }
}
