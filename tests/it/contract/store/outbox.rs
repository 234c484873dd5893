//! Events.

use serde_json::{Value, json};
use svc::domain::{
    Actor, Ban, BanEnd, BanId, BanTarget, DeletedUser, DisownedEmail, EmailChange, EndedSession, Event,
    EventKind, Invalidation, RequestedEmailChange, RequestedMail, RevocationReason, RevokedSession, Role,
    RoleChange, SessionId, User, UserId,
};
use svc::ports::store::Store;

use crate::support::{Backend, both_backends, given};

/// Returns every kind of event with the data that consumers get.
fn every_kind(user: &User, session: SessionId) -> Vec<(EventKind, Value)> {
    let facts = json!({
        "email": "Ada@Example.com", "email_verified": false, "name": "Ada Lovelace", "locale": null,
        "role": "user", "status": "active", "version": 1,
    });
    let mut changed_role = facts.clone();
    changed_role["from"] = json!("admin");
    let language = Some(given::locale("de"));
    let (other, expires_at) = (given::email("Ada@Example.org"), given::second(60));
    let mut mail = facts.clone();
    mail["expires_at"] = json!(expires_at.to_string());
    mail["language"] = json!("de");
    let mut changing_email = mail.clone();
    changing_email["new_email"] = json!("Ada@Example.org");
    changing_email["notice"] = json!(false);
    let mut changed_email = facts.clone();
    changed_email["from"] = json!("Ada@Example.org");
    let mut disowned_email = facts.clone();
    disowned_email["new_email"] = json!("Ada@Example.org");
    let session_id = session.to_string();
    let reason = RevocationReason::LoggedOut;
    let (target, created_at) = (BanTarget::User(user.id), given::at(0));
    let (id, end) = (BanId(given::id()), BanEnd::At(expires_at));
    let ban = Ban { id, target, reason: None, version: 3, created_at, end };
    let banned = json!({
        "ban_id": id.to_string(), "network": null, "user_id": user.id.to_string(), "reason": null,
        "ends_at": expires_at.to_string(), "version": 3,
    });
    vec![
        (EventKind::UserRegistered(user.clone()), facts.clone()),
        (EventKind::UserUpdated(user.clone()), facts.clone()),
        (EventKind::UserPasswordChanged(user.clone()), facts.clone()),
        (EventKind::UserLocked(user.clone()), facts.clone()),
        (EventKind::UserUnlocked(user.clone()), facts.clone()),
        (EventKind::UserDisowned(user.clone()), facts.clone()),
        (
            EventKind::UserEmailChangeDisowned(DisownedEmail {
                user: user.clone(),
                new_email: other.clone(),
            }),
            disowned_email,
        ),
        (EventKind::UserEmailVerified(user.clone()), facts.clone()),
        (EventKind::UserGuessingDetected(user.clone()), facts.clone()),
        (EventKind::UserRegistrationRepeated(user.clone()), facts),
        (
            EventKind::UserVerificationRequested(RequestedMail {
                user: user.clone(),
                expires_at,
                language: language.clone(),
            }),
            mail.clone(),
        ),
        (
            EventKind::UserPasswordResetRequested(RequestedMail {
                user: user.clone(),
                expires_at,
                language: language.clone(),
            }),
            mail,
        ),
        (
            EventKind::UserEmailChangeRequested(RequestedEmailChange {
                user: user.clone(),
                new_email: other.clone(),
                expires_at,
                language,
                notice: false,
            }),
            changing_email,
        ),
        (EventKind::UserEmailChanged(EmailChange { user: user.clone(), from: other }), changed_email),
        (EventKind::UserRoleChanged(RoleChange { user: user.clone(), from: Role::Admin }), changed_role),
        (
            EventKind::UserDeleted(DeletedUser { email: user.email.clone(), version: 2 }),
            json!({ "email": "Ada@Example.com", "version": 2 }),
        ),
        (EventKind::SessionStarted(session), json!({ "session_id": session_id, "version": 1 })),
        (
            EventKind::SessionRevoked(RevokedSession(session, reason)),
            json!({ "session_id": session_id, "reason": "logged_out", "version": 2 }),
        ),
        (
            EventKind::SessionReuseDetected(EndedSession(session)),
            json!({ "session_id": session_id, "version": 2 }),
        ),
        (EventKind::BanAdded(ban.clone()), banned.clone()),
        (EventKind::BanRemoved(ban), banned),
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
        assert_eq!(types, events.iter().map(|event| event.kind.event_type().name()).collect::<Vec<_>>());
        let stored = db.texts("SELECT CAST(data AS text) FROM outbox ORDER BY id").await;
        let stored: Vec<Value> = stored.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        assert_eq!(stored, data);
    }

    async fn an_event_names_its_subject_actor_and_time(backend: Backend) {
        let db = backend.database().await;
        let (subject, admin) = (UserId(given::id()), UserId(given::id()));
        let started = EventKind::SessionStarted(SessionId(given::id()));
        let by_admin = Event { actor: Actor::User(admin), ..given::event(subject, started.clone()) };
        let by_operator = Event { actor: given::operator(), ..given::event(subject, started) };
        let mut work = db.store.begin().await.unwrap();
        work.outbox().append(&by_admin).await.unwrap();
        work.outbox().append(&by_operator).await.unwrap();
        work.commit().await.unwrap();

        let actors = db.texts("SELECT actor FROM outbox ORDER BY id").await;
        assert_eq!(actors, [admin.to_string(), "operator".to_owned()]);
        let data = db.texts("SELECT CAST(data AS text) FROM outbox ORDER BY id").await;
        let data: Vec<Value> = data.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        assert_eq!((&data[0]["operator"], &data[1]["operator"]), (&Value::Null, &json!("ada")));
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

    async fn the_invalidations_of_events_are_read_in_order(backend: Backend) {
        let db = backend.database().await;
        let user = given::user("ada@example.com");
        let session = SessionId(given::id());
        let kinds: Vec<EventKind> = every_kind(&user, session).into_iter().map(|(kind, _)| kind).collect();
        let mut work = db.store.begin().await.unwrap();
        for kind in &kinds {
            work.outbox().append(&given::event(user.id, kind.clone())).await.unwrap();
        }
        work.commit().await.unwrap();

        let outbox = Store::outbox(&db.store);
        let all = outbox.changes(0, i64::MAX, 100).await.unwrap();
        let invalidation: Vec<_> = all.iter().map(|change| change.invalidation).collect();
        let (of_user, of_session) =
            (|version| Invalidation::User(user.id, version), |version| Invalidation::Session(session, version));
        let expected = [
            vec![Some(of_user(1)); 6],
            // A withdrawn change of the email address.
            vec![None],
            vec![Some(of_user(1))],
            // A warning, a notice and three requests for mails.
            vec![None; 5],
            vec![Some(of_user(1)), Some(of_user(1)), Some(of_user(2))],
            // A new session is in no cache.
            vec![None],
            vec![Some(of_session(2)); 2],
            // Bans.
            vec![None; 2],
        ];
        assert_eq!(invalidation, expected.concat());
        assert!(all.is_sorted_by(|a, b| a.seq < b.seq) && all[0].seq > 0, "{all:?}");
        assert_eq!(outbox.changes(all[2].seq, all[4].seq, 100).await.unwrap(), all[2..=4]);
        assert_eq!(outbox.changes(all[2].seq, i64::MAX, 2).await.unwrap(), all[2..4]);
        let last = all.last().unwrap().seq;
        assert_eq!(outbox.changes(last + 1, i64::MAX, 100).await, Ok(vec![]));
        assert_eq!(outbox.latest(2).await, Ok(vec![last, all[all.len() - 2].seq]));
    }

    async fn an_event_of_another_release_invalidates_as_much_as_possible(backend: Backend) {
        let db = backend.database().await;
        let (user, session) = (given::id(), given::id());
        let id = |id: uuid::Uuid| match backend {
            Backend::Sqlite => format!("x'{}'", id.simple()),
            Backend::Postgres => format!("'{id}'"),
        };
        let of_session = format!(r#"{{"session_id":"{session}"}}"#);
        for data in ["{}", r#"{"version":7}"#, &of_session, r#"{"session_id":7}"#] {
            let insert = format!(
                "INSERT INTO outbox (id, type, subject, actor, data, occurred_at) VALUES \
                 ({}, 'svc.weather.changed.v9', {}, 'service', '{data}', '2026-01-01T00:00:00.000000Z')",
                id(given::id()),
                id(user),
            );
            db.execute(&insert).await.unwrap();
        }
        let changes = Store::outbox(&db.store).changes(0, i64::MAX, 100).await.unwrap();
        let invalidation: Vec<_> = changes.iter().map(|change| change.invalidation).collect();
        let (user, session) = (UserId(user), SessionId(session));
        let any_of_user = Invalidation::User(user, Invalidation::ANY);
        let any_of_session = Invalidation::Session(session, Invalidation::ANY);
        let expected = [any_of_user, Invalidation::User(user, 7), any_of_session, any_of_user];
        assert_eq!(invalidation, expected.map(Some));
    }
}
