//! The JSON form of an event's data, for storage and for messages.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::domain::{
    Actor, Ban, BanReason, BanTarget, DisplayName, Event, EventKind, EventType, Invalidates, Invalidation,
    KeyFacts, Locale, SessionId, SessionSnapshot, Subject, User,
};

/// Returns the data of an event, with the metadata of a user if the event has it. If an operator caused it,
/// the data names the operating system's user.
pub(in crate::adapters) fn data_of(event: &Event) -> Value {
    let mut data = data(&event.kind);
    if let Some(user) = event.kind.user().filter(|_| event.has_metadata) {
        data["metadata"] = Value::Object(user.metadata.members());
        data["app_metadata"] = Value::Object(user.app_metadata.members());
    }
    if let Actor::Operator(name) = &event.actor {
        data["operator"] = json!(name.as_str());
    }
    data
}

/// Returns the data of an event by its kind. A change of these shapes needs a new version of the type.
pub(in crate::adapters) fn data(kind: &EventKind) -> Value {
    match kind {
        EventKind::UserRegistered(user)
        | EventKind::UserUpdated(user)
        | EventKind::UserPasswordChanged(user)
        | EventKind::UserLocked(user)
        | EventKind::UserUnlocked(user)
        | EventKind::UserEmailVerified(user)
        | EventKind::UserInvitationAccepted(user)
        | EventKind::UserDisowned(user)
        | EventKind::UserGuessingDetected(user)
        | EventKind::UserRegistrationRepeated(user) => user_data(user),
        EventKind::UserRoleChanged { user, from } => {
            let mut data = user_data(user);
            data["from"] = json!(from.as_str());
            data
        }
        EventKind::UserInvited { user, expires_at } => {
            let mut data = user_data(user);
            data["expires_at"] = json!(expires_at.to_string());
            data
        }
        EventKind::UserVerificationRequested { user, expires_at, language }
        | EventKind::UserPasswordResetRequested { user, expires_at, language } => {
            let mut data = user_data(user);
            data["expires_at"] = json!(expires_at.to_string());
            data["language"] = json!(language.as_ref().map(Locale::as_str));
            data
        }
        EventKind::UserEmailChangeRequested { user, new_email, expires_at, language, notice } => {
            let mut data = user_data(user);
            data["new_email"] = json!(new_email.as_str());
            data["expires_at"] = json!(expires_at.to_string());
            data["language"] = json!(language.as_ref().map(Locale::as_str));
            data["notice"] = json!(notice);
            data
        }
        EventKind::UserEmailChanged { user, from } => {
            let mut data = user_data(user);
            data["from"] = json!(from.as_str());
            data
        }
        EventKind::UserEmailChangeDisowned { user, new_email } => {
            let mut data = user_data(user);
            data["new_email"] = json!(new_email.as_str());
            data
        }
        EventKind::UserDeleted { email, version } => json!({ "email": email.as_str(), "version": version }),
        EventKind::SessionStarted(id) => session_data(*id, SessionSnapshot::LIVE),
        EventKind::SessionReuseDetected(id) => session_data(*id, SessionSnapshot::ENDED),
        EventKind::SessionRevoked(id, reason) => {
            let mut data = session_data(*id, SessionSnapshot::ENDED);
            data["reason"] = json!(reason.as_str());
            data
        }
        EventKind::BanAdded(ban) | EventKind::BanRemoved(ban) => ban_data(ban),
        EventKind::KeyGenerated(key)
        | EventKind::KeyActivated(key)
        | EventKind::KeyRetired(key)
        | EventKind::KeyRemoved(key) => key_data(key),
    }
}

/// The invalidation by an event of this type. A type of another release invalidates the session that the data
/// names, else the user, and nothing if the data names a ban or a key. Data without a version invalidates
/// every copy.
pub(in crate::adapters) fn invalidation(
    type_name: &str,
    subject: Subject,
    data: &Value,
) -> Option<Invalidation> {
    let session = data["session_id"].as_str().and_then(|id| Uuid::try_parse(id).ok()).map(SessionId);
    let invalidates = EventType::parse(type_name).map_or_else(
        || match session {
            // The subject of such an event may be no user.
            _ if data["ban_id"].is_string() || data["key_id"].is_string() => Invalidates::Nothing,
            Some(_) => Invalidates::Session,
            None => Invalidates::User,
        },
        EventType::invalidates,
    );
    let version = data["version"].as_i64().unwrap_or(Invalidation::ANY);
    match invalidates {
        Invalidates::Nothing => None,
        Invalidates::User => Some(Invalidation::User(subject.as_user(), version)),
        // Data without a valid session id invalidates the user.
        Invalidates::Session => {
            Some(session.map_or(Invalidation::User(subject.as_user(), Invalidation::ANY), |id| {
                Invalidation::Session(id, version)
            }))
        }
    }
}

fn session_data(id: SessionId, version: i64) -> Value {
    json!({ "session_id": id.to_string(), "version": version })
}

fn ban_data(ban: &Ban) -> Value {
    let (network, user) = match ban.target {
        BanTarget::Network(network) => (Some(network.to_string()), None),
        BanTarget::User(user) => (None, Some(user.to_string())),
    };
    json!({
        "ban_id": ban.id.to_string(),
        "network": network,
        "user_id": user,
        "reason": ban.reason.as_ref().map(BanReason::as_str),
        "ends_at": ban.end.at().map(|at| at.to_string()),
        "version": ban.version,
    })
}

fn key_data(key: &KeyFacts) -> Value {
    json!({
        "key_id": key.id.0,
        "algorithm": key.algorithm.as_str(),
        "compromised": key.compromised,
        "version": key.version,
    })
}

fn user_data(user: &User) -> Value {
    json!({
        "email": user.email.as_str(),
        "email_verified": user.email_verified,
        "name": user.name.as_ref().map(DisplayName::as_str),
        "locale": user.locale.as_ref().map(Locale::as_str),
        "role": user.role.as_str(),
        "status": user.status.as_str(),
        "version": user.version,
    })
}
