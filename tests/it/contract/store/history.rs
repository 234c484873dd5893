//! The past of a user and one of their sessions.

use svc::domain::{Event, EventKind, RevocationReason, SessionId};
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
            at(5, Event { actor: given::operator(), ..given::event(ada.id, EventKind::SessionRevoked(mine, reason)) }),
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
}
