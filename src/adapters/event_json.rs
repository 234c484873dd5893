//! What the data of an event looks like as JSON, wherever events are stored or sent.

use serde_json::{Value, json};

use crate::domain::{DisplayName, EventKind, User};

/// The event's facts. A change of these shapes is a new version of the event's type.
pub(super) fn data(kind: &EventKind) -> Value {
    match kind {
        EventKind::UserRegistered(user)
        | EventKind::UserUpdated(user)
        | EventKind::UserPasswordChanged(user)
        | EventKind::UserLocked(user)
        | EventKind::UserUnlocked(user) => user_data(user),
        EventKind::UserRoleChanged { user, from } => {
            let mut data = user_data(user);
            data["from"] = json!(from.as_str());
            data
        }
        EventKind::UserDeleted { email, version } => json!({ "email": email.as_str(), "version": version }),
        EventKind::SessionStarted(id) | EventKind::SessionReuseDetected(id) => {
            json!({ "session_id": id.to_string() })
        }
        EventKind::SessionRevoked(id, reason) => {
            json!({ "session_id": id.to_string(), "reason": reason.as_str() })
        }
    }
}

fn user_data(user: &User) -> Value {
    json!({
        "email": user.email.as_str(),
        "email_verified": user.email_verified,
        "name": user.name.as_ref().map(DisplayName::as_str),
        "role": user.role.as_str(),
        "status": user.status.as_str(),
        "version": user.version,
    })
}
