//! Changes of partitions while other sessions work.

use std::sync::atomic::{AtomicBool, Ordering};

use secrecy::SecretString;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use svc::adapters::sqlx::SqlxStore;
use svc::domain::{EventKind, SessionId, UserId};
use svc::ports::Store;
use svc::ports::events::{EventFilter, EventLog, Partitions};
use svc::ports::store::Kept;
use tokio::task::JoinSet;

use super::{DAY, TABLES, create, database, event, ids, kept, names, of_day, remove};
use crate::support::process::until;
use crate::support::{Backend, TestDatabase, database as databases, given};

async fn session(db: &TestDatabase, sql: &str) -> PgConnection {
    let mut session = PgConnection::connect(&db.url()).await.unwrap();
    run(&mut session, sql).await;
    session
}

async fn run(session: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(session).await.unwrap();
}

async fn append(store: &SqlxStore) {
    let started = EventKind::SessionStarted(SessionId(given::id()));
    let mut work = store.begin().await.unwrap();
    work.outbox().append(&given::event(UserId(given::id()), started)).await.unwrap();
    work.commit().await.unwrap();
}

#[test]
fn a_table_that_is_read_for_long_delays_neither_writes_nor_the_other_tables() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        let mut reader = session(&db, "BEGIN; SELECT count(*) FROM outbox").await;
        let before = names(&db, "outbox").await;
        let creating = create(&db.store, today);
        let writing = async {
            let writer = db.another_store();
            for _ in 0..20 {
                append(&writer).await;
            }
        };
        tokio::join!(creating, writing);
        assert_eq!(names(&db, "outbox").await, before);
        for table in ["inbox", "audit"] {
            assert!(names(&db, table).await.contains(&of_day(table, today.plus(DAY))));
        }
        run(&mut reader, "COMMIT").await;
        create(&db.store, today).await;
        assert!(names(&db, "outbox").await.contains(&of_day("outbox", today.plus(DAY))));
        assert_eq!(ids(&db, "outbox", "id").await.len(), 20);
    });
}

#[test]
fn a_partition_that_is_read_for_long_delays_no_other() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        let long = of_day("outbox", today.plus(DAY * 32));
        let mut reader = session(&db, &format!("BEGIN; SELECT count(*) FROM {long}")).await;
        create(&db.store, today).await;
        let names = names(&db, "outbox").await;
        assert!(names.contains(&of_day("outbox", today.plus(DAY))), "{names:?}");
        assert!(names.contains(&long), "{names:?}");
        run(&mut reader, "COMMIT").await;
    });
}

#[test]
fn a_partition_that_cannot_be_removed_delays_no_other_and_no_new_one() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        for days in 0..3 {
            create(&db.store, today.plus(DAY * days)).await;
        }
        let busy = of_day("inbox", today.plus(DAY));
        let mut reader = session(&db, &format!("BEGIN; SELECT count(*) FROM {busy}")).await;
        let now = today.plus(DAY * 20);
        create(&db.store, now).await;
        remove(&db.store, now).await;
        let left = names(&db, "inbox").await;
        // The next one would be merged into it. Those after that are merged into the next one.
        assert_eq!(left[..3], ["inbox_past".to_owned(), busy.clone(), of_day("inbox", today.plus(DAY * 2))]);
        assert!(!left.contains(&of_day("inbox", today.plus(DAY * 3))), "{left:?}");
        assert!(!names(&db, "outbox").await.contains(&of_day("outbox", today.plus(DAY))));
        assert!(left.contains(&of_day("inbox", now.plus(DAY))));
        run(&mut reader, "COMMIT").await;
        assert!(remove(&db.store, now).await > 0);
        assert!(!names(&db, "inbox").await.contains(&busy));
    });
}

#[test]
fn several_processes_at_once_do_it_once() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        for days in 0..3 {
            let mut processes = JoinSet::new();
            for _ in 0..6 {
                let store = db.another_store();
                processes.spawn(async move {
                    create(&store, today.plus(DAY * days * 10)).await;
                    remove(&store, today.plus(DAY * days * 10)).await;
                });
            }
            processes.join_all().await;
            for table in TABLES {
                names(&db, table).await;
            }
        }
        assert!(names(&db, "outbox").await.contains(&of_day("outbox", today.plus(DAY * 21))));
        assert!(!names(&db, "outbox").await.contains(&of_day("outbox", today)));
    });
}

#[test]
fn a_killed_removal_leaves_everything_as_it_was() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        create(&db.store, today).await;
        let id = event(&db, today, Some(today), "dead").await;
        event(&db, today.plus(DAY * 9), Some(today), "done").await;
        let before = names(&db, "outbox").await;
        let now = today.plus(DAY * 10);
        // Stopped at its last step, by a reader of the partition.
        let mut reader =
            session(&db, &format!("BEGIN; SELECT count(*) FROM {}", of_day("outbox", today))).await;
        let killed = AtomicBool::new(false);
        let removing = async {
            let mut position = None;
            while !killed.load(Ordering::Relaxed) {
                let step = db.store.remove_partitions(&kept(now), position.as_deref()).await;
                position = step.ok().and_then(|step| step.next);
            }
        };
        let killing = async {
            let kill = "SELECT CAST(pg_terminate_backend(pid) AS text) FROM pg_stat_activity \
                 WHERE datname = current_database() AND query LIKE 'DROP TABLE outbox%'";
            until(async || !db.texts(kill).await.is_empty()).await;
            killed.store(true, Ordering::Relaxed);
        };
        tokio::join!(removing, killing);
        assert_eq!(names(&db, "outbox").await, before);
        assert_eq!(db.store.entries(id).await.unwrap().len(), 1);
        run(&mut reader, "COMMIT").await;
        // The constraint of a process that was killed refuses no row, and is gone after the next run.
        let stale = format!(
            "ALTER TABLE outbox_past DROP CONSTRAINT IF EXISTS svc_partition_bound, \
             ADD CONSTRAINT svc_partition_bound CHECK (id < '{}')",
            super::id_at(today)
        );
        db.execute(&stale).await.unwrap();
        event(&db, today.minus(DAY), None, "").await;
        let other = db.another_store();
        assert!(remove(&other, now).await > 0);
        assert_eq!(
            db.texts("SELECT CAST(conname AS text) FROM pg_constraint WHERE conname = 'svc_partition_bound'")
                .await
                .len(),
            0
        );
        event(&db, today, None, "").await;
        assert_eq!(other.entries(id).await.unwrap().len(), 1);
    });
}

#[test]
fn a_role_that_may_not_change_tables_works() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        create(&db.store, today).await;
        let role = given::namespace().replace('-', "_");
        let grants = format!(
            "CREATE ROLE {role} LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON outbox, inbox, audit TO {role}"
        );
        db.execute(&grants).await.unwrap();
        let mut url = url::Url::parse(&db.url()).unwrap();
        url.set_username(&role).unwrap();
        let limited =
            SqlxStore::open_postgres(&SecretString::from(url.to_string()).into(), &databases::options());
        let limited = limited.unwrap();
        let before = names(&db, "outbox").await;
        let reader = session(&db, "BEGIN; LOCK TABLE outbox, inbox, audit IN ACCESS SHARE MODE").await;
        limited.create_partitions(&kept(today.plus(DAY * 20))).await.unwrap();
        assert_eq!(remove(&limited, today.plus(DAY * 20)).await, 0);
        assert_eq!(names(&db, "outbox").await, before);
        // The rest of its work is not affected.
        append(&limited).await;
        assert_eq!(
            limited.events(&EventFilter { limit: 9, ..EventFilter::default() }).await.unwrap().len(),
            1
        );
        drop(reader);
        limited.close().await;
        db.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await.unwrap();
    });
}

#[test]
fn an_event_that_is_being_delivered_is_not_removed() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        let day = today.minus(DAY * 60);
        let (id, other) =
            (event(&db, day, Some(day), "done").await, event(&db, day, Some(day), "done").await);
        event(&db, today, None, "").await;
        // The broker delivers it once more, to a handler that is new.
        let deliver = format!(
            "BEGIN; INSERT INTO inbox (event_id, handler, seq, subject, state, available_at) \
             SELECT id, 'new', seq, subject, 'pending', now() FROM outbox WHERE id = '{id}' FOR KEY SHARE"
        );
        let mut delivering = session(&db, &deliver).await;
        let clean =
            async || db.store.outbox().clean(Kept { now: today, retention: DAY * 7 }, None, 500).await;
        assert_eq!(clean().await.unwrap().removed, 1);
        run(&mut delivering, "COMMIT").await;
        assert_eq!(clean().await.unwrap().removed, 0);
        assert_eq!(
            (db.store.entries(id).await.unwrap().len(), ids(&db, "inbox", "event_id").await),
            (2, vec![id, id])
        );
        assert!(db.store.event(other).await.unwrap().is_none());
    });
}
