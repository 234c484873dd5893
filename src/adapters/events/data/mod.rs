//! The JSON form of an event's data, for storage and for messages, and its schemas.
//!
//! **Here**: a file for each kind of object that events are about.
//!
//! **To add a kind of object**: a file with its `event_data!`, and its `mod` here.

mod ban;
mod event_data;
mod key;
mod replay;
pub(super) mod schema;
mod session;
mod user;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use uuid::Uuid;

use self::event_data::EventData;
use crate::domain::{
    Actor, Event, EventKind, EventType, Invalidates, Invalidation, SessionId, Subject, User, events,
};

/// The metadata of a user in the data of an event, and its description in the schema.
const METADATA: [(&str, &str); 2] = [
    (
        "metadata",
        "Data of applications that the user writes; only if the setting events.include_metadata is on.",
    ),
    (
        "app_metadata",
        "Data of applications that administrators write; only if the setting events.include_metadata is on.",
    ),
];

/// Returns the data of an event, with the metadata of a user if the event has it. If an operator caused it,
/// the data names the operating system's user.
pub(in crate::adapters) fn data_of(event: &Event) -> Value {
    let mut data = data(&event.kind);
    if let Some(user) = user_of(&event.kind).filter(|_| event.has_metadata) {
        data["metadata"] = Value::Object(user.metadata.members());
        data["app_metadata"] = Value::Object(user.app_metadata.members());
    }
    if let Actor::Operator(name) = &event.actor {
        data["operator"] = json!(name.as_str());
    }
    data
}

/// Each function looks up the data of an event by its type.
macro_rules! define_functions {
    ($(
        $(#[$doc:meta])+
        $event:ident($data:ident) = $name:literal, invalidates $invalidates:ident;
    )+) => {
        /// Returns the data of an event by its kind.
        pub(in crate::adapters) fn data(kind: &EventKind) -> Value {
            match kind {
                $(EventKind::$event(data) => data.json(),)+
            }
        }

        fn user_of(kind: &EventKind) -> Option<&User> {
            match kind {
                $(EventKind::$event(data) => data.user(),)+
            }
        }

        /// The name of the schema of the data of a type.
        pub(super) const fn schema_of(event_type: EventType) -> &'static str {
            match event_type {
                $(EventType::$event => <crate::domain::$data as EventData>::SCHEMA,)+
            }
        }

        /// The schemas of the data, by name.
        pub(super) fn schemas() -> BTreeMap<&'static str, Value> {
            let mut schemas = BTreeMap::from([$(event_data::schema::<crate::domain::$data>()),+]);
            schemas.values_mut().for_each(add_metadata);
            schemas
        }
    };
}
events!(define_functions);

/// Adds the metadata to the schema of a user. It is not required.
fn add_metadata(schema: &mut Value) {
    if schema["properties"]["email_verified"].is_object() {
        for (name, about) in METADATA {
            schema["properties"][name] = schema::described(json!({ "type": "object" }), about);
        }
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
