//! The past of a user and one of their sessions.

use svc::domain::{
    Algorithm, Ban, BanEnd, BanId, BanReason, BanTarget, Event, EventKind, KeyFacts, KeyId, OneLine,
    RevocationReason, RevokedSession, SessionId, Subject,
};
use svc::ports::events::{History, PastEvent};
use svc::ports::store::Store;

use crate::support::{Backend, both_backends, given};

both_backends! {
    async fn events_of_the_user_and_the_session_are_read_once_from_both_tables(backend: Backend) {
        let db = backend.database().await;
        let ada = given::user("ada@example.com");
        let bea = given::user("bea@example.com");
        let (mine, other) = (SessionId(given::id()), SessionId(given::id()));
        let reason = RevocationReason::EndedByAdmin;
        let at = |second, event: Event| Event { at: given::second(second), ..event };
        let events = [
            at(1, given::event(ada.id, EventKind::UserRegistered(ada.clone()))),
            at(2, given::event(ada.id, EventKind::SessionStarted(mine))),
            at(3, given::event(ada.id, EventKind::SessionStarted(other))),
            at(4, given::event(bea.id, EventKind::UserLocked(bea.clone()))),
            at(5, Event { actor: given::operator(), ..given::event(ada.id, EventKind::SessionRevoked(RevokedSession(mine, reason))) }),
        ];
        let mut work = db.store.begin().await.unwrap();
        for event in &events {
            work.outbox().append(event).await.unwrap();
        }
        // Recorded for the audit too, and so in both tables.
        work.audit().record(&[events[0].id, events[4].id]).await.unwrap();
        work.commit().await.unwrap();

        let read = async |since, limit| db.store.of_user(ada.id, mine, given::second(since), limit).await.unwrap();
        let expected = |event: &Event, reason: Option<&str>| PastEvent {
            id: event.id,
            at: event.at,
            actor: if reason.is_some() { "operator".to_owned() } else { ada.id.to_string() },
            operator: reason.map(|_| "ada".to_owned()),
            type_name: event.kind.event_type().name().to_owned(),
            reason: reason.map(str::to_owned),
            object: None,
            ends_at: None,
            is_compromised: false,
        };
        let all = [
            expected(&events[0], None),
            expected(&events[1], None),
            expected(&events[4], Some("ended_by_admin")),
        ];
        assert_eq!(read(0, 10).await, all);
        assert_eq!(read(2, 10).await, all[1..]);
        assert_eq!(read(0, 1).await, all[..1]);
        db.execute("DELETE FROM outbox").await.unwrap();
        assert_eq!(read(0, 10).await, [all[0].clone(), all[2].clone()], "the audit outlives the outbox");
    }

    async fn events_of_a_ban_and_of_a_key_are_read_once_from_both_tables(backend: Backend) {
        let db = backend.database().await;
        let ada = given::user("ada@example.com");
        let reason = BanReason::parse("guessing").unwrap();
        let ban = Ban {
            id: BanId(given::id()),
            target: BanTarget::User(ada.id),
            reason: Some(reason),
            version: 1,
            created_at: given::second(1),
            end: BanEnd::At(given::second(90)),
        };
        let other = Ban { id: BanId(given::id()), ..ban.clone() };
        let key = |compromised| KeyFacts { id: KeyId("a".to_owned()), algorithm: Algorithm::Es256, compromised, activates_at: None, version: 2 };
        let of = |second, subject: Subject, kind| Event { subject, at: given::second(second), actor: given::operator(), ..given::event(ada.id, kind) };
        let events = [
            of(1, Subject::from(&ban), EventKind::BanAdded(ban.clone())),
            of(2, Subject::from(&ban), EventKind::UserLocked(ada.clone())),
            of(3, Subject::from(&other), EventKind::BanAdded(other.clone())),
            of(4, Subject::from(&ban), EventKind::BanRemoved(ban.clone())),
            of(5, Subject::from(&key(false).id), EventKind::KeyActivated(key(false))),
            of(6, Subject::from(&key(true).id), EventKind::KeyRemoved(key(true))),
        ];
        let mut work = db.store.begin().await.unwrap();
        for event in &events {
            work.outbox().append(event).await.unwrap();
        }
        work.audit().record(&[events[0].id, events[5].id]).await.unwrap();
        work.commit().await.unwrap();

        let read = async |subject, object: &str, limit| {
            let past = db.store.of_object(subject, object, limit).await.unwrap();
            past.into_iter().map(|event| (event.id, event.is_compromised, event.ends_at, event.reason)).collect::<Vec<_>>()
        };
        let end = Some(given::second(90).to_string());
        let of_ban = |event: &Event| (event.id, false, end.clone(), Some("guessing".to_owned()));
        let id = ban.id.to_string();
        assert_eq!(read(Subject::from(&ban), &id, 10).await, [of_ban(&events[0]), of_ban(&events[3])]);
        assert_eq!(read(Subject::from(&ban), &id, 1).await, [of_ban(&events[3])], "the last ones");
        let of_key = [(events[4].id, false, None, None), (events[5].id, true, None, None)];
        assert_eq!(read(Subject::from(&key(true).id), "a", 10).await, of_key);
        // Another key may have the same subject.
        assert_eq!(read(Subject::from(&key(true).id), "b", 10).await, []);
        db.execute("DELETE FROM outbox").await.unwrap();
        assert_eq!(read(Subject::from(&key(true).id), "a", 10).await, of_key[1..]);
    }
}
