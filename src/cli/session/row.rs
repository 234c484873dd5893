use serde_json::{Value, json};

use crate::domain::{Audience, Email, Session, SessionState};
use crate::usecases::ListedSession;

/// A session in the output of every command.
pub(in crate::cli) fn shown(session: &Session, email: &Email, state: SessionState) -> Value {
    let opener = session.opened_by();
    json!({
        "id": session.id.to_string(),
        "user_id": session.user_id.to_string(),
        "email": email.as_str(),
        "state": word(state),
        "label": session.label,
        "audience": session.audience.as_ref().map(Audience::as_str),
        "address": session.client.address.map(|address| address.to_string()),
        "agent": session.client.agent,
        "opened_address": opener.and_then(|client| client.address).map(|address| address.to_string()),
        "opened_agent": opener.and_then(|client| client.agent.as_deref()),
        "created_at": session.created_at.to_string(),
        "last_used_at": session.rotated_at.to_string(),
        "expires_at": session.expires_at().to_string(),
        "refreshes": session.generation,
        "revoked_at": session.revoked.map(|revocation| revocation.at.to_string()),
        "revoked_reason": session.revoked.map(|revocation| revocation.reason.as_str()),
    })
}

pub(super) fn listed(listed: &ListedSession) -> Value {
    shown(&listed.session, &listed.user.email, listed.state)
}

const fn word(state: SessionState) -> &'static str {
    match state {
        SessionState::Live => "live",
        SessionState::Revoked => "revoked",
        SessionState::Expired => "expired",
    }
}
