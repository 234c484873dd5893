use std::collections::BTreeMap;

use svc::domain::{EndedSession, EventKind, SessionId, UserId};
use svc::ports::Store;
use svc::ports::events::{Delivery, InboxQueue, Queue, Wakeups};

use crate::support::process::within;
use crate::support::{Backend, both_backends, given};

both_backends! {
    async fn events_are_delivered_by_their_ids_once(backend: Backend) {
        let db = backend.database().await;
        let user = UserId(given::id());
        let events: Vec<_> = (0..3)
            .map(|_| given::event(user, EventKind::SessionStarted(SessionId(given::id()))))
            .chain([given::event(user, EventKind::SessionReuseDetected(EndedSession(SessionId(given::id()))))])
            .collect();
        let mut work = db.store.begin().await.unwrap();
        for event in &events {
            work.outbox().append(event).await.unwrap();
        }
        work.commit().await.unwrap();

        let ids: Vec<_> = events.iter().map(|event| event.id).collect();
        let stranger = given::id();
        let known = db.store.types_of(&[ids[0], stranger, ids[3]]).await.unwrap();
        let expected = [(ids[0], "svc.session.started.v1"), (ids[3], "svc.session.reuse_detected.v1")];
        assert_eq!(known, BTreeMap::from(expected.map(|(id, name)| (id, name.to_owned()))));
        assert_eq!(db.store.types_of(&[]).await, Ok(BTreeMap::new()));

        let started = |handler| Delivery { type_name: "svc.session.started.v1".to_owned(), handler };
        let mut wakeup = db.store.of(Queue::Inbox);
        let some = [ids[1], stranger, ids[0], ids[3]];
        db.store.deliver(&some, &[started("one"), started("two")], given::second(1)).await.unwrap();
        within(wakeup.woken()).await;
        // Again, with one more handler: existing entries stay unchanged.
        db.execute("UPDATE inbox SET state = 'done', done_at = available_at WHERE handler = 'one'").await.unwrap();
        db.store.deliver(&ids, &[started("one")], given::second(2)).await.unwrap();
        let rows = db.texts("SELECT handler || ' ' || state FROM inbox ORDER BY handler, seq").await;
        assert_eq!(rows, ["one done", "one done", "one pending", "two pending", "two pending"]);
        db.store.deliver(&[], &[started("one")], given::second(3)).await.unwrap();
        db.store.deliver(&ids, &[], given::second(3)).await.unwrap();
        assert_eq!(db.texts("SELECT handler FROM inbox").await.len(), 5);
    }
}
