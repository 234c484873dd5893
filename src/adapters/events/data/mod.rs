//! The JSON form of an event's data, for storage and for messages, and its schemas.
//!
//! **Here**: a file for each kind of object that events are about.
//!
//! **To add a type**: its arm in both matches. **To add a kind of object**: a file with its data and its
//! schemas, and a line in the list of `schemas`.

mod ban;
mod discard;
mod key;
mod replay;
pub(super) mod schema;
mod session;
mod user;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::domain::{
    Actor, Event, EventKind, EventType, Invalidates, Invalidation, SessionId, SessionSnapshot, Subject,
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
        | EventKind::UserRegistrationRepeated(user) => user::data(user),
        EventKind::UserRoleChanged { user, from } => user::data_with(user, "from", json!(from.as_str())),
        EventKind::UserInvited { user, expires_at } => {
            user::data_with(user, "expires_at", json!(expires_at.to_string()))
        }
        EventKind::UserVerificationRequested { user, expires_at, language }
        | EventKind::UserPasswordResetRequested { user, expires_at, language } => {
            user::mail_data(user, *expires_at, language.as_ref())
        }
        EventKind::UserEmailChangeRequested { user, new_email, expires_at, language, notice } => {
            let mut data = user::mail_data(user, *expires_at, language.as_ref());
            data["new_email"] = json!(new_email.as_str());
            data["notice"] = json!(notice);
            data
        }
        EventKind::UserEmailChanged { user, from } => user::data_with(user, "from", json!(from.as_str())),
        EventKind::UserEmailChangeDisowned { user, new_email } => {
            user::data_with(user, "new_email", json!(new_email.as_str()))
        }
        EventKind::UserDeleted { email, version } => json!({ "email": email.as_str(), "version": version }),
        EventKind::SessionStarted(id) => session::data(*id, SessionSnapshot::LIVE),
        EventKind::SessionReuseDetected(id) => session::data(*id, SessionSnapshot::ENDED),
        EventKind::SessionRevoked(id, reason) => session::revoked_data(*id, *reason),
        EventKind::BanAdded(ban) | EventKind::BanRemoved(ban) => ban::data(ban),
        EventKind::KeyGenerated(key)
        | EventKind::KeyPlanned(key)
        | EventKind::KeyActivated(key)
        | EventKind::KeyRetired(key)
        | EventKind::KeyRemoved(key) => key::data(key),
        EventKind::EventReplayed(replay) => replay::data(replay),
        EventKind::DeadLetterDiscarded(discard) => discard::data(*discard),
    }
}

/// The name of the schema of the data of a type.
pub(super) const fn schema_of(event_type: EventType) -> &'static str {
    match event_type {
        EventType::UserRegistered
        | EventType::UserUpdated
        | EventType::UserPasswordChanged
        | EventType::UserLocked
        | EventType::UserUnlocked
        | EventType::UserEmailVerified
        | EventType::UserInvitationAccepted
        | EventType::UserDisowned
        | EventType::UserGuessingDetected
        | EventType::UserRegistrationRepeated => "User",
        EventType::UserRoleChanged => "UserRoleChanged",
        EventType::UserInvited => "UserInvited",
        EventType::UserVerificationRequested | EventType::UserPasswordResetRequested => "MailRequested",
        EventType::UserEmailChangeRequested => "UserEmailChangeRequested",
        EventType::UserEmailChanged => "UserEmailChanged",
        EventType::UserEmailChangeDisowned => "UserEmailChangeDisowned",
        EventType::UserDeleted => "UserDeleted",
        EventType::SessionStarted | EventType::SessionReuseDetected => "Session",
        EventType::SessionRevoked => "SessionRevoked",
        EventType::BanAdded | EventType::BanRemoved => "Ban",
        EventType::KeyGenerated
        | EventType::KeyPlanned
        | EventType::KeyActivated
        | EventType::KeyRetired
        | EventType::KeyRemoved => "Key",
        EventType::EventReplayed => "EventReplayed",
        EventType::DeadLetterDiscarded => "DeadLetterDiscarded",
    }
}

/// The schemas of the data, by name.
pub(super) fn schemas() -> impl Iterator<Item = (String, Value)> {
    let schemas = [
        user::schemas(),
        session::schemas(),
        ban::schemas(),
        key::schemas(),
        replay::schemas(),
        discard::schemas(),
    ];
    schemas.into_iter().flat_map(|schemas| schemas.as_object().cloned().unwrap_or_default())
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
