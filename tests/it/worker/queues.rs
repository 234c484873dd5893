use std::time::Duration;

use svc::adapters::sqlx::SqlxStore;
use svc::domain::{EventKind, SessionId, Timestamp, UserId};
use svc::ports::Store;
use svc::ports::events::{
    Delivery, InboxEntry, InboxQueue, Lease, OutboxQueue, RelayOutcome, Reschedule, StoredEvent,
    UnrelayedEvent,
};
use uuid::Uuid;

use crate::support::{Backend, TestDatabase, both_backends, given};

const STARTED: &str = "svc.session.started.v1";
const LONG: Duration = Duration::from_secs(30);

async fn append(store: &SqlxStore, user: UserId) -> Uuid {
    let event = given::event(user, EventKind::SessionStarted(SessionId(given::id())));
    let mut work = store.begin().await.unwrap();
    work.outbox().append(&event).await.unwrap();
    work.commit().await.unwrap();
    event.id
}

fn lease(at: i64) -> Lease {
    let now = given::second(at);
    Lease { claim: given::id(), now, until: now.plus(LONG) }
}

fn ids(events: &[StoredEvent]) -> Vec<Uuid> {
    events.iter().map(|event| event.id).collect()
}

async fn record_outcomes(
    store: &SqlxStore,
    lease: &Lease,
    events: &[StoredEvent],
    unrelayed: &[UnrelayedEvent],
) -> u64 {
    let ids: Vec<_> = events.iter().map(|event| event.id).collect();
    let deliveries = [Delivery { type_name: STARTED.to_owned(), handler: "test" }];
    let outcome =
        RelayOutcome { claim: lease.claim, now: lease.now, events: &ids, unrelayed, deliveries: &deliveries };
    store.record_outcomes(&outcome).await.unwrap()
}

/// Delivers `count` events of different users to the handler `test`, due at 0.
async fn delivered(db: &TestDatabase, count: usize) -> Vec<Uuid> {
    let mut all = Vec::new();
    for _ in 0..count {
        all.push(append(&db.store, UserId(given::id())).await);
    }
    let lease = lease(0);
    let events = db.store.claim_unrelayed(&lease, 100).await.unwrap();
    assert_eq!(record_outcomes(&db.store, &lease, &events, &[]).await, count as u64);
    all
}

async fn finish(store: &SqlxStore, entry: &InboxEntry, claim: Uuid, now: Timestamp) -> Option<StoredEvent> {
    let mut work = store.begin().await.unwrap();
    let mut events = work.inbox().finish("test", &[entry.event_id], claim, now).await.unwrap();
    work.commit().await.unwrap();
    events.pop()
}

both_backends! {
    async fn the_oldest_are_claimed_first_and_by_one_worker_only(backend: Backend) {
        let db = backend.database().await;
        assert_eq!(OutboxQueue::is_due(&db.store, given::second(0)).await, Ok(false));
        let (one, two, three) = (UserId(given::id()), UserId(given::id()), UserId(given::id()));
        let all = [append(&db.store, one).await, append(&db.store, two).await, append(&db.store, three).await];
        assert_eq!(OutboxQueue::is_due(&db.store, given::second(0)).await, Ok(true));
        let first = db.store.claim_unrelayed(&lease(0), 2).await.unwrap();
        assert_eq!(ids(&first), all[..2]);
        assert_eq!(first[0].subject.as_user(), one);
        let other = db.another_store();
        assert_eq!(ids(&other.claim_unrelayed(&lease(0), 10).await.unwrap()), all[2..]);
        assert_eq!(other.claim_unrelayed(&lease(0), 10).await.unwrap(), []);
        assert_eq!(OutboxQueue::is_due(&db.store, given::second(29)).await, Ok(false));
    }

    async fn a_later_event_of_a_user_waits_for_the_earlier_ones(backend: Backend) {
        let db = backend.database().await;
        let (ada, bea) = (UserId(given::id()), UserId(given::id()));
        let first = append(&db.store, ada).await;
        let held = lease(0);
        let claimed = db.store.claim_unrelayed(&held, 10).await.unwrap();
        let (second, other) = (append(&db.store, ada).await, append(&db.store, bea).await);
        assert_eq!(ids(&db.store.claim_unrelayed(&lease(1), 10).await.unwrap()), [other]);
        // Not relayed, and rescheduled for 9: the second one keeps waiting.
        let unrelayed = [UnrelayedEvent { id: claimed[0].id, until: given::second(9), error: "no".to_owned() }];
        assert_eq!(record_outcomes(&db.store, &held, &claimed, &unrelayed).await, 0);
        assert_eq!(db.store.claim_unrelayed(&lease(8), 10).await.unwrap(), []);
        assert_eq!(ids(&db.store.claim_unrelayed(&lease(9), 10).await.unwrap()), [first, second]);
        assert_eq!(db.texts("SELECT last_error FROM outbox WHERE last_error IS NOT NULL").await, ["no"]);
    }

    async fn a_claim_after_the_lease_counts_and_the_previous_one_does_not(backend: Backend) {
        let db = backend.database().await;
        let event = append(&db.store, UserId(given::id())).await;
        let (frozen, next) = (lease(0), lease(31));
        let stale = db.store.claim_unrelayed(&frozen, 10).await.unwrap();
        let taken = db.store.claim_unrelayed(&next, 10).await.unwrap();
        assert_eq!((ids(&stale), ids(&taken)), (vec![event], vec![event]));
        assert_eq!(record_outcomes(&db.store, &frozen, &stale, &[]).await, 0, "thawed too late");
        assert_eq!(db.texts("SELECT handler FROM inbox").await, Vec::<String>::new());
        assert_eq!(record_outcomes(&db.store, &next, &taken, &[]).await, 1);
        assert_eq!(record_outcomes(&db.store, &next, &taken, &[]).await, 0);
        assert_eq!(db.texts("SELECT handler FROM inbox").await, ["test"]);
    }

    async fn of_several_only_claimed_entries_are_done_and_in_order(backend: Backend) {
        let db = backend.database().await;
        let mut all = delivered(&db, 3).await;
        let (mine, theirs) = (lease(0), lease(31));
        assert_eq!(db.store.claim_due("test", &mine, 10).await.unwrap().claimed.len(), 3);
        let taken = db.store.claim_abandoned("test", &theirs, 10).await.unwrap();
        all.reverse();
        let mut work = db.store.begin().await.unwrap();
        let done = work.inbox().finish("test", &all, mine.claim, given::second(32)).await.unwrap();
        work.commit().await.unwrap();
        all.reverse();
        all.retain(|id| *id != taken[0].event_id);
        assert_eq!(ids(&done), all);
        let left = db.texts("SELECT state FROM inbox WHERE state <> 'done'").await;
        assert_eq!(left, ["pending"]);
    }

    async fn an_entry_is_done_once_and_only_with_its_claim(backend: Backend) {
        let db = backend.database().await;
        delivered(&db, 1).await;
        let (frozen, next) = (lease(0), lease(31));
        let stale = db.store.claim_due("test", &frozen, 10).await.unwrap().claimed;
        assert_eq!(db.store.claim_due("test", &lease(1), 10).await.unwrap().claimed, []);
        assert_eq!(db.store.claim_abandoned("test", &lease(29), 10).await.unwrap(), []);
        let taken = db.store.claim_abandoned("test", &next, 10).await.unwrap();
        assert_eq!((stale[0].attempts, taken[0].attempts), (1, 2));
        assert_eq!(finish(&db.store, &stale[0], frozen.claim, given::second(32)).await, None);
        let failed = Reschedule { again: None, error: "too late".to_owned() };
        db.store.reschedule(&stale[0], frozen.claim, &failed).await.unwrap();
        let event = finish(&db.store, &taken[0], next.claim, given::second(32)).await;
        assert_eq!(event.map(|event| event.type_name), Some(STARTED.to_owned()));
        assert_eq!(finish(&db.store, &taken[0], next.claim, given::second(33)).await, None);
        assert_eq!(db.texts("SELECT state FROM inbox").await, ["done"]);
    }

    async fn an_entry_that_killed_a_process_is_retried_alone_and_dead_lettered_in_the_end(backend: Backend) {
        let db = backend.database().await;
        let all = delivered(&db, 3).await;
        assert_eq!(db.store.claim_due("test", &lease(0), 10).await.unwrap().claimed.len(), 3);
        assert_eq!(InboxQueue::is_due(&db.store, "test", given::second(29)).await, Ok(false));
        assert_eq!(InboxQueue::is_due(&db.store, "test", given::second(30)).await, Ok(true));
        // This test allows two attempts.
        for _ in 0..3 {
            let alone = db.store.claim_abandoned("test", &lease(30), 2).await.unwrap();
            assert_eq!((alone.len(), alone[0].attempts), (1, 2));
        }
        assert_eq!(db.store.claim_abandoned("test", &lease(30), 2).await.unwrap(), []);
        assert_eq!(db.store.claim_abandoned("test", &lease(61), 2).await.unwrap(), []);
        assert_eq!(db.texts("SELECT state FROM inbox").await, vec!["dead"; all.len()]);
    }

    async fn a_failed_entry_is_due_later_and_a_returned_one_at_once(backend: Backend) {
        let db = backend.database().await;
        delivered(&db, 2).await;
        let held = lease(0);
        let claimed = db.store.claim_due("test", &held, 10).await.unwrap().claimed;
        let failed = Reschedule { again: Some(given::second(7)), error: "not now".to_owned() };
        db.store.reschedule(&claimed[0], held.claim, &failed).await.unwrap();
        db.store.release(&claimed[1], held.claim, given::second(1)).await.unwrap();
        let again = db.store.claim_due("test", &lease(1), 10).await.unwrap().claimed;
        assert_eq!((again.len(), again[0].event_id, again[0].attempts), (1, claimed[1].event_id, 1));
        let later = db.store.claim_due("test", &lease(7), 10).await.unwrap().claimed;
        assert_eq!((later.len(), later[0].event_id, later[0].attempts), (1, claimed[0].event_id, 2));
    }

    async fn a_handler_claims_only_its_own_entries(backend: Backend) {
        let db = backend.database().await;
        delivered(&db, 1).await;
        assert_eq!(db.store.claim_due("another", &lease(0), 10).await.unwrap().claimed, []);
        assert_eq!(InboxQueue::is_due(&db.store, "another", given::second(0)).await, Ok(false));
    }
}
