use serde_json::{Map, Value, json};
use svc::domain::{Actor, Event, EventKind, RevocationReason, Role, SessionId, User, UserId};
use svc::ports::store::Store;
use uuid::Uuid;

use super::check;
use crate::support::{Backend, both_backends, given};

fn samples() -> Vec<EventKind> {
    let user = User { id: subject(), ..given::user("ada@example.com") };
    let session = SessionId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0002));
    vec![
        EventKind::UserRegistered(user.clone()),
        EventKind::UserUpdated(user.clone()),
        EventKind::UserPasswordChanged(user.clone()),
        EventKind::UserLocked(user.clone()),
        EventKind::UserUnlocked(user.clone()),
        EventKind::UserRoleChanged { user: user.clone(), from: Role::Admin },
        EventKind::UserDeleted { email: user.email, version: 2 },
        EventKind::SessionStarted(session),
        EventKind::SessionRevoked(session, RevocationReason::LoggedOut),
        EventKind::SessionReuseDetected(session),
    ]
}

fn subject() -> UserId {
    UserId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001))
}

both_backends! {
    async fn a_sample_of_each_event(backend: Backend) {
        let db = backend.database().await;
        let mut work = db.store.begin().await.unwrap();
        for kind in samples() {
            let event = Event::new(given::id(), subject(), Actor::User(subject()), given::at(0), kind);
            work.outbox().append(&event).await.unwrap();
        }
        work.commit().await.unwrap();

        let types = db.texts("SELECT type FROM outbox ORDER BY id").await;
        let data = db.texts("SELECT CAST(data AS text) FROM outbox ORDER BY id").await;
        let parse = |text: &String| serde_json::from_str::<Map<String, Value>>(text).unwrap();
        let events: Map<String, Value> =
            types.into_iter().zip(data.iter().map(|data| sorted(parse(data)))).collect();
        check("events.json", &format!("{:#}", json!(events)));
    }
}

/// PostgreSQL keeps the members of an object in an order of its own.
fn sorted(object: Map<String, Value>) -> Value {
    let mut object = object;
    object.sort_keys();
    Value::Object(object)
}

#[test]
fn no_event_is_left_out() {
    let source = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/domain/event.rs"));
    assert_eq!(source.matches("\"svc.").count(), samples().len());
}
