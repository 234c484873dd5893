//! The events of a user are handled in order, however many workers claim at the same time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use svc::domain::{EventKind, SessionId, UserId};
use svc::ports::Store;
use svc::ports::events::{Delivery, InboxEntry, InboxQueue, Lease, OutboxQueue, RelayOutcome, Reschedule};
use svc::worker::handlers::HandlerError;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::until;
use crate::support::app::App;
use crate::support::handlers::Recorder;
use crate::support::process::within;
use crate::support::{Backend, TestDatabase, both_backends, database, given};

fn lease(at: i64) -> Lease {
    let now = given::second(at);
    Lease { claim: given::id(), now, until: now.plus(Duration::from_secs(30)) }
}

fn ids(entries: &[InboxEntry]) -> Vec<Uuid> {
    entries.iter().map(|entry| entry.event_id).collect()
}

/// Delivers an event for each of these users to the handler `test`, in this order, due at 0.
async fn delivered(db: &TestDatabase, users: &[UserId]) -> Vec<Uuid> {
    let mut work = db.store.begin().await.unwrap();
    let mut all = Vec::new();
    for user in users {
        let event = given::event(*user, EventKind::SessionStarted(SessionId(given::id())));
        work.outbox().append(&event).await.unwrap();
        all.push(event.id);
    }
    work.commit().await.unwrap();
    let lease = lease(0);
    let events = db.store.claim_unrelayed(&lease, 10_000).await.unwrap();
    let deliveries = [Delivery { type_name: events[0].type_name.clone(), handler: "test" }];
    let ids: Vec<_> = events.iter().map(|event| event.id).collect();
    let outcome = RelayOutcome {
        claim: lease.claim,
        now: lease.now,
        events: &ids,
        unrelayed: &[],
        deliveries: &deliveries,
    };
    assert_eq!(db.store.record_outcomes(&outcome).await, Ok(users.len() as u64));
    all
}

/// Sets when entries of these users are due; only the first entry of each user if `first` is true.
async fn due_at(db: &TestDatabase, users: &[UserId], first: bool, second: i64) {
    let ids = |quoted: &dyn Fn(&UserId) -> String| users.iter().map(quoted).collect::<Vec<_>>().join(", ");
    let users = match db.backend() {
        Backend::Sqlite => ids(&|user| format!("x'{}'", user.0.simple())),
        Backend::Postgres => ids(&|user| format!("'{}'", user.0)),
    };
    let first = if first { "AND seq IN (SELECT min(seq) FROM inbox GROUP BY subject)" } else { "" };
    let due = given::second(second);
    let update = format!("UPDATE inbox SET available_at = '{due}' WHERE subject IN ({users}) {first}");
    db.execute(&update).await.unwrap();
}

async fn retry_at(db: &TestDatabase, entry: &InboxEntry, lease: &Lease, second: i64) {
    let failed = Reschedule { again: Some(given::second(second)), error: "not now".to_owned() };
    db.store.reschedule(entry, lease.claim, &failed).await.unwrap();
}

both_backends! {
    async fn a_claim_skips_users_with_an_entry_claimed_elsewhere(backend: Backend) {
        let db = backend.database().await;
        let (ada, bea) = (UserId(given::id()), UserId(given::id()));
        let all = delivered(&db, &[ada, ada, bea, ada]).await;
        let held = lease(0);
        let first = db.store.claim_due("test", &held, 1).await.unwrap().claimed;
        assert_eq!(ids(&first), all[..1]);
        let other = db.another_store();
        assert_eq!(ids(&other.claim_due("test", &lease(0), 10).await.unwrap().claimed), [all[2]]);
        assert_eq!(other.claim_due("test", &lease(1), 10).await.unwrap().claimed, []);
        let mut work = db.store.begin().await.unwrap();
        work.inbox().finish("test", &[all[0]], held.claim, given::second(1)).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(ids(&other.claim_due("test", &lease(1), 10).await.unwrap().claimed), [all[1], all[3]]);
    }

    async fn a_claim_skips_users_with_an_entry_that_waits_for_its_retry(backend: Backend) {
        let db = backend.database().await;
        let (ada, bea) = (UserId(given::id()), UserId(given::id()));
        let all = delivered(&db, &[ada, ada, bea]).await;
        let held = lease(0);
        let first = db.store.claim_due("test", &held, 1).await.unwrap().claimed;
        retry_at(&db, &first[0], &held, 9).await;
        assert_eq!(ids(&db.store.claim_due("test", &lease(8), 10).await.unwrap().claimed), [all[2]]);
        assert_eq!(ids(&db.store.claim_due("test", &lease(9), 1).await.unwrap().claimed), [all[0]]);
        assert_eq!(db.store.claim_due("test", &lease(9), 10).await.unwrap().claimed, []);
    }

    async fn an_entry_that_became_due_earlier_than_the_one_before_it_still_waits_for_that(backend: Backend) {
        let db = backend.database().await;
        let ada = UserId(given::id());
        let all = delivered(&db, &[ada, ada, ada]).await;
        for (entry, due) in [(0, 5), (1, 3), (2, 7)] {
            let due = given::second(due);
            let row = match backend {
                Backend::Sqlite => format!("available_at = '{due}' WHERE event_id = x'{}'", all[entry].simple()),
                Backend::Postgres => format!("available_at = '{due}' WHERE event_id = '{}'", all[entry]),
            };
            db.execute(&format!("UPDATE inbox SET {row}")).await.unwrap();
        }
        assert_eq!(db.store.claim_due("test", &lease(4), 10).await.unwrap().claimed, []);
        assert_eq!(ids(&db.store.claim_due("test", &lease(6), 10).await.unwrap().claimed), all[..2]);
        assert_eq!(db.store.claim_due("test", &lease(8), 10).await.unwrap().claimed, []);
    }

    async fn of_the_entries_that_a_process_left_the_earliest_of_a_user_comes_first(backend: Backend) {
        let db = backend.database().await;
        let (ada, bea) = (UserId(given::id()), UserId(given::id()));
        let all = delivered(&db, &[ada, ada, bea]).await;
        assert_eq!(db.store.claim_due("test", &lease(0), 10).await.unwrap().claimed.len(), 3);
        let mut taken = Vec::new();
        for _ in 0..3 {
            taken.extend(ids(&db.store.claim_abandoned("test", &lease(30), 10).await.unwrap()));
        }
        assert_eq!(taken, [all[0], all[2]], "the second one of Ada waits for her first");
    }

    async fn many_entries_behind_a_retry_of_one_user_delay_no_other_user(backend: Backend) {
        let db = backend.database().await;
        let (ada, bea) = (UserId(given::id()), UserId(given::id()));
        // More entries than a claim reads.
        let users: Vec<_> = std::iter::repeat_n(ada, 600).chain([bea]).collect();
        let all = delivered(&db, &users).await;
        let held = lease(0);
        let first = db.store.claim_due("test", &held, 1).await.unwrap().claimed;
        retry_at(&db, &first[0], &held, 60).await;
        // PostgreSQL postpones them and claims in one statement, so there only the next claim reads past
        // them.
        let (mut claimed, mut postponed) = (Vec::new(), 0);
        for _ in 0..2 {
            let due = db.store.claim_due("test", &lease(1), 10).await.unwrap();
            claimed.extend(ids(&due.claimed));
            postponed += due.postponed;
        }
        assert_eq!((claimed, postponed), (vec![all[600]], 599));
        // They are postponed, so no claim reads them before that.
        assert_eq!(InboxQueue::is_due(&db.store, "test", given::second(1)).await, Ok(false));
        let next = lease(60);
        assert_eq!(ids(&db.store.claim_due("test", &next, 10).await.unwrap().claimed), all[..10]);
    }

    /// As after a replay of dead letters: entries that became due later than those behind them.
    async fn entries_before_many_of_their_users_are_claimed_once_they_are_due(backend: Backend) {
        let db = backend.database().await;
        let users: Vec<_> = (0..60).map(|_| UserId(given::id())).collect();
        let (late, others) = users.split_at(50);
        // An entry is due, and more entries than a claim reads are behind it, so without postponing no claim
        // would ever read it.
        let events: Vec<_> = (0..20).flat_map(|_| late).chain(others).copied().collect();
        delivered(&db, &events).await;
        due_at(&db, late, true, 100).await;
        due_at(&db, others, false, 50).await;
        let (mut claimed, mut postponed) = (Vec::new(), 0);
        loop {
            let held = lease(1000);
            let due = db.store.claim_due("test", &held, 256).await.unwrap();
            if due.claimed.is_empty() && due.postponed == 0 {
                break;
            }
            let mut work = db.store.begin().await.unwrap();
            work.inbox().finish("test", &ids(&due.claimed), held.claim, held.now).await.unwrap();
            work.commit().await.unwrap();
            claimed.extend(due.claimed);
            postponed += due.postponed;
        }
        assert_eq!(claimed.len(), events.len());
        assert!(postponed >= 512, "{postponed}");
        for user in late {
            let of_user: Vec<_> =
                claimed.iter().filter(|it| it.subject.0 == user.0).map(|it| it.event_id).collect();
            assert!(of_user.is_sorted(), "{of_user:?}");
        }
        assert_eq!(InboxQueue::is_due(&db.store, "test", given::second(1000)).await, Ok(false));
    }

    async fn after_a_failure_the_later_events_of_the_user_wait(backend: Backend) {
        for shares in [false, true] {
            let fails = Arc::new(AtomicBool::new(true));
            let effect = {
                let fails = fails.clone();
                move |event: &svc::ports::events::StoredEvent| {
                    let bad = event.data.contains("ada@example.com") && event.type_name == "svc.user.registered.v1";
                    if bad && fails.load(Ordering::SeqCst) { Err(HandlerError::Failed("not now".to_owned())) } else { Ok(()) }
                }
            };
            let handler =
                if shares { Recorder::sharing("ordered", effect) } else { Recorder::with("ordered", effect) };
            let handlers = vec![handler.handler()];
            let app = App::start_queued_with(backend, &[], |builder| builder.handlers(handlers)).await;
            let (ada, bea) = (given::user("ada@example.com"), given::user("bea@example.com"));
            let mut work = app.container.store().begin().await.unwrap();
            for kind in [EventKind::UserRegistered(ada.clone()), EventKind::UserUpdated(ada.clone())] {
                work.outbox().append(&given::event(ada.id, kind)).await.unwrap();
            }
            work.outbox().append(&given::event(bea.id, EventKind::UserRegistered(bea.clone()))).await.unwrap();
            work.commit().await.unwrap();
            app.container.start_worker(true);
            let done = "SELECT type FROM audit ORDER BY type";
            until(async || app.database.texts(done).await == ["svc.user.registered.v1"]).await;
            let waits = "SELECT state FROM inbox WHERE state = 'pending' AND claim IS NULL";
            until(async || app.database.texts(waits).await.len() == 2).await;
            fails.store(false, Ordering::SeqCst);
            until(async || {
                app.clock.advance(Duration::from_secs(10));
                app.database.texts(done).await.len() == 3
            })
            .await;
            let seen = handler.of(ada.id);
            let (first, second) = (seen[0], seen[seen.len() - 1]);
            assert_eq!(seen.iter().filter(|id| **id == second).count(), 1, "begun before the first was done");
            assert!(seen[..seen.len() - 1].iter().all(|id| *id == first));
            app.stop().await;
        }
    }
}

/// The uncommitted changes of one claim are invisible to the next one.
#[test]
fn a_claim_waits_for_one_that_is_about_to_commit() {
    database::run(Backend::Postgres, async |backend| {
        let db = backend.database().await;
        let (ada, bea) = (UserId(given::id()), UserId(given::id()));
        let all = delivered(&db, &[ada, ada, bea]).await;
        let mut first = PgConnection::connect(&db.url()).await.unwrap();
        let claim = format!(
            "BEGIN; SELECT pg_advisory_xact_lock(7566947, hashtext('test')); \
             UPDATE inbox SET claim = event_id, available_at = '2100-01-01T00:00:00Z' WHERE event_id = '{}'",
            all[0]
        );
        sqlx::raw_sql(AssertSqlSafe(claim)).execute(&mut first).await.unwrap();
        let store = db.another_store();
        let mut second = JoinSet::new();
        second.spawn(async move { store.claim_due("test", &lease(1), 10).await.unwrap().claimed });
        db.until_blocked().await;
        sqlx::raw_sql("COMMIT").execute(&mut first).await.unwrap();
        assert_eq!(ids(&within(second.join_next()).await.unwrap().unwrap()), [all[2]]);
    });
}

/// An entry that is dead-lettered while a claim waits for its row is not claimed.
#[test]
fn an_entry_that_is_no_longer_pending_is_not_claimed() {
    database::run(Backend::Postgres, async |backend| {
        let db = backend.database().await;
        let (ada, bea) = (UserId(given::id()), UserId(given::id()));
        let all = delivered(&db, &[ada, bea]).await;
        let mut other = PgConnection::connect(&db.url()).await.unwrap();
        let give_up = format!("BEGIN; UPDATE inbox SET state = 'dead' WHERE event_id = '{}'", all[0]);
        sqlx::raw_sql(AssertSqlSafe(give_up)).execute(&mut other).await.unwrap();
        let store = db.another_store();
        let mut claim = JoinSet::new();
        claim.spawn(async move { store.claim_due("test", &lease(1), 10).await.unwrap().claimed });
        db.until_blocked().await;
        sqlx::raw_sql("COMMIT").execute(&mut other).await.unwrap();
        assert_eq!(ids(&within(claim.join_next()).await.unwrap().unwrap()), [all[1]]);
    });
}
