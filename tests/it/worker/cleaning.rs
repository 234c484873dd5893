use std::time::Duration;

use svc::domain::{EventKind, RevocationReason, SessionId, UserId};
use svc::ports::Store;
use svc::ports::events::{Cleaner, Delivery, Jobs, Lease, OutboxQueue, Settlement};

use crate::support::{Backend, TestDatabase, both_backends, given};

const DAY: i64 = 24 * 3600;

fn lease(at: i64) -> Lease {
    let now = given::second(at);
    Lease { claim: given::id(), now, until: now.plus(Duration::from_secs(30)) }
}

/// An event that was sent at that time; with a handler that has not done it yet, or none.
async fn sent(db: &TestDatabase, at: i64, handler: Option<&'static str>) {
    let started = EventKind::SessionStarted(SessionId(given::id()));
    let mut work = db.store.begin().await.unwrap();
    work.outbox().append(&given::event(UserId(given::id()), started)).await.unwrap();
    work.commit().await.unwrap();
    let lease = lease(at);
    let events = db.store.claim_unsent(&lease, 1).await.unwrap();
    let type_name = events[0].type_name.clone();
    let deliveries: Vec<_> =
        handler.map(|handler| Delivery { type_name: type_name.clone(), handler }).into_iter().collect();
    let range = (events[0].seq, events[0].seq);
    let settlement =
        Settlement { claim: lease.claim, now: lease.now, range, unsent: &[], deliveries: &deliveries };
    assert_eq!(db.store.settle(&settlement).await, Ok(1));
}

async fn count(db: &TestDatabase, what: &str) -> String {
    db.texts(&format!("SELECT CAST(count(*) AS text) FROM {what}")).await.remove(0)
}

both_backends! {
    async fn events_go_once_they_were_sent_long_ago_and_handled(backend: Backend) {
        let db = backend.database().await;
        for at in [0, 1, 2, DAY] {
            sent(&db, at, Some("idle")).await;
        }
        sent(&db, 2, None).await;
        sent(&db, 3, Some("busy")).await;
        sent(&db, 4, Some("idle")).await;
        let idle = "UPDATE inbox SET state = 'done', done_at = held_until WHERE handler = 'idle'";
        db.execute(idle).await.unwrap();
        assert_eq!(db.store.clean_events(given::second(0), 10).await, Ok(0));
        assert_eq!(db.store.clean_events(given::second(DAY), 2).await, Ok(2));
        // Left: one that is recent, one that no handler has had yet, one that is to be handled, and the newest of all.
        assert_eq!(db.store.clean_events(given::second(DAY), 10).await, Ok(1));
        assert_eq!(count(&db, "outbox").await, "4");
        db.execute("UPDATE inbox SET state = 'done', done_at = held_until").await.unwrap();
        assert_eq!(db.store.clean_events(given::second(DAY), 10).await, Ok(1));
        assert_eq!((count(&db, "outbox").await, count(&db, "inbox").await), ("3".to_owned(), "2".to_owned()));
    }

    async fn sessions_go_that_were_over_long_ago(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let sessions: Vec<_> = (0..7).map(|_| given::session(user.id)).collect();
        given::store_sessions(&db.store, &sessions).await;
        let mut work = db.store.begin().await.unwrap();
        for session in &sessions[..2] {
            work.sessions().revoke(session.id, given::revocation(5, RevocationReason::LoggedOut)).await.unwrap();
        }
        work.commit().await.unwrap();
        let (mut removed, mut place, mut slices) = (0, None, 0);
        loop {
            let (slice, next) = db.store.clean_sessions(given::second(6), place, 3).await.unwrap();
            (removed, place, slices) = (removed + slice, next, slices + 1);
            if place.is_none() {
                break;
            }
        }
        assert_eq!((removed, slices), (2, 3), "seven, three at a time");
        let end = sessions[0].expires_at();
        assert_eq!(db.store.clean_sessions(end, None, 100).await, Ok((0, None)));
        let after = end.plus(Duration::from_secs(1));
        assert_eq!(db.store.clean_sessions(after, None, 100).await, Ok((5, None)));
    }

    async fn the_audit_trail_goes_when_it_is_told_to(backend: Backend) {
        let db = backend.database().await;
        sent(&db, 0, None).await;
        let insert = "INSERT INTO audit SELECT id, occurred_at, actor, type, subject, data FROM outbox";
        db.execute(insert).await.unwrap();
        let at = db.texts("SELECT type FROM audit").await;
        assert_eq!(at.len(), 1);
        assert_eq!(db.store.clean_audit(given::second(-DAY), 10).await, Ok(0));
        assert_eq!(db.store.clean_audit(given::second(DAY), 10).await, Ok(1));
    }

    async fn a_job_is_run_by_one_and_then_not_until_it_is_due(backend: Backend) {
        let db = backend.database().await;
        let first = lease(0);
        assert_eq!(db.store.claim_job("sweep", &first).await, Ok(true));
        assert_eq!(db.store.claim_job("sweep", &lease(1)).await, Ok(false));
        assert_eq!(db.store.claim_job("another", &lease(1)).await, Ok(true));
        // It died: the lease is over.
        let second = lease(30);
        assert_eq!(db.store.claim_job("sweep", &second).await, Ok(true));
        db.store.job_done("sweep", first.claim, given::second(31)).await.unwrap();
        assert_eq!(db.store.claim_job("sweep", &lease(32)).await, Ok(false), "thawed too late");
        db.store.job_done("sweep", second.claim, given::second(100)).await.unwrap();
        assert_eq!(db.store.claim_job("sweep", &lease(99)).await, Ok(false));
        assert_eq!(db.store.claim_job("sweep", &lease(100)).await, Ok(true));
    }
}
