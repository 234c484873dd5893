//! Events.

use serde_json::{Value, json};
use svc::domain::{Actor, Event, EventKind, RevocationReason, Role, SessionId, User, UserId};
use svc::ports::store::Store;

use crate::support::{Backend, both_backends, given};

/// Every kind of event with the data that consumers get.
fn every_kind(user: &User, session: SessionId) -> Vec<(EventKind, Value)> {
    let facts = json!({
        "email": "Ada@Example.com", "email_verified": false, "name": "Ada Lovelace",
        "role": "user", "status": "active", "version": 1,
    });
    let mut changed_role = facts.clone();
    changed_role["from"] = json!("admin");
    let session_id = session.to_string();
    let reason = RevocationReason::LoggedOut;
    vec![
        (EventKind::UserRegistered(user.clone()), facts.clone()),
        (EventKind::UserUpdated(user.clone()), facts.clone()),
        (EventKind::UserPasswordChanged(user.clone()), facts.clone()),
        (EventKind::UserLocked(user.clone()), facts.clone()),
        (EventKind::UserUnlocked(user.clone()), facts),
        (EventKind::UserRoleChanged { user: user.clone(), from: Role::Admin }, changed_role),
        (
            EventKind::UserDeleted { email: user.email.clone(), version: 2 },
            json!({ "email": "Ada@Example.com", "version": 2 }),
        ),
        (EventKind::SessionStarted(session), json!({ "session_id": session_id })),
        (
            EventKind::SessionRevoked(session, reason),
            json!({ "session_id": session_id, "reason": "logged_out" }),
        ),
        (EventKind::SessionReuseDetected(session), json!({ "session_id": session_id })),
    ]
}

both_backends! {
    async fn an_event_is_kept_with_its_facts(backend: Backend) {
        let db = backend.database().await;
        let user = given::user("Ada@Example.com");
        let (kinds, data): (Vec<_>, Vec<_>) =
            every_kind(&user, SessionId(given::id())).into_iter().unzip();
        let events: Vec<Event> = kinds.into_iter().map(|kind| given::event(user.id, kind)).collect();
        let mut work = db.store.begin().await.unwrap();
        for event in &events {
            work.outbox().append(event).await.unwrap();
        }
        work.commit().await.unwrap();

        let types = db.texts("SELECT type FROM outbox ORDER BY id").await;
        assert_eq!(types, events.iter().map(|event| event.kind.type_name()).collect::<Vec<_>>());
        let stored = db.texts("SELECT CAST(data AS text) FROM outbox ORDER BY id").await;
        let stored: Vec<Value> = stored.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        assert_eq!(stored, data);
    }

    async fn an_event_says_whom_it_is_about_who_did_it_and_when(backend: Backend) {
        let db = backend.database().await;
        let (subject, admin) = (UserId(given::id()), UserId(given::id()));
        let started = EventKind::SessionStarted(SessionId(given::id()));
        let by_admin = Event { actor: Actor::User(admin), ..given::event(subject, started.clone()) };
        let by_operator = Event { actor: Actor::Operator, ..given::event(subject, started) };
        let mut work = db.store.begin().await.unwrap();
        work.outbox().append(&by_admin).await.unwrap();
        work.outbox().append(&by_operator).await.unwrap();
        work.commit().await.unwrap();

        let actors = db.texts("SELECT actor FROM outbox ORDER BY id").await;
        assert_eq!(actors, [admin.to_string(), "operator".to_owned()]);
        let (uuid, moment) = match backend {
            Backend::Sqlite => ("lower(hex(subject))", "occurred_at"),
            Backend::Postgres => (
                "replace(CAST(subject AS text), '-', '')",
                r#"to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"#,
            ),
        };
        let subjects = db.texts(&format!("SELECT {uuid} FROM outbox ORDER BY id")).await;
        assert_eq!(subjects, [subject.0.simple().to_string(), subject.0.simple().to_string()]);
        let moments = db.texts(&format!("SELECT {moment} FROM outbox ORDER BY id")).await;
        assert_eq!(moments, [by_admin.at.to_string(), by_operator.at.to_string()]);
    }
}
