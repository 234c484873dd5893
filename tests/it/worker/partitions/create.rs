use secrecy::SecretString;
use svc::adapters::sqlx::SqlxStore;
use svc::domain::{Event, EventKind, SessionId, Timestamp, UserId};
use svc::ports::events::{EventLog, Partitions};
use svc::ports::{Store, StoreError};
use url::Url;
use uuid::Uuid;

use super::{DAY, create, database, event, id_at, ids, names, of_day, remove};
use crate::support::process::{Installation, until};
use crate::support::{Backend, database as databases, environment, given};

#[test]
fn partitions_are_created_ahead_day_after_day() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        for days in 0..40 {
            let now = today.plus(DAY * days);
            for _ in 0..2 {
                create(&db.store, now).await;
            }
            for table in ["outbox", "inbox"] {
                let names = names(&db, table).await;
                for ahead in 0..3 {
                    let wanted = of_day(table, now.plus(DAY * ahead));
                    assert!(names.contains(&wanted), "{wanted} on day {days}: {names:?}");
                }
                // One per day, the past, the future, and a few long ones.
                let days = days as usize;
                assert!((days + 6..=days + 12).contains(&names.len()), "on day {days}: {names:?}");
            }
        }
    });
}

#[test]
fn every_id_has_a_partition() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        let end = Timestamp::parse("9999-12-31T23:59:59Z").unwrap();
        let times = [Timestamp::EPOCH, today.minus(DAY * 400), today, today.plus(DAY * 5000), end];
        for round in 0..2 {
            for id in times
                .map(id_at)
                .into_iter()
                .chain([Uuid::from_u128(round), Uuid::from_u128(u128::MAX - round)])
            {
                let insert = format!(
                    "INSERT INTO outbox (id, type, subject, actor, data, occurred_at) \
                     VALUES ('{id}', 'svc.user.locked.v1', '{id}', 'operator', '{{}}', now()); \
                     INSERT INTO inbox (event_id, handler, seq, subject, state, available_at) \
                     VALUES ('{id}', 'audit', 1, '{id}', 'pending', now()); \
                     INSERT INTO audit SELECT id, occurred_at, actor, type, subject, data FROM outbox WHERE id = '{id}'"
                );
                db.execute(&insert).await.unwrap();
            }
            create(&db.store, today).await;
        }
        for (table, key) in [("outbox", "id"), ("inbox", "event_id"), ("audit", "event_id")] {
            assert_eq!(ids(&db, table, key).await.len(), 14, "{table}");
        }
    });
}

#[test]
fn rows_of_a_clock_that_is_ahead_are_moved() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        create(&db.store, today).await;
        let id = event(&db, today.plus(DAY * 10), Some(today), "dead").await;
        let place =
            format!("SELECT CAST(tableoid::regclass AS text) || ' ' || seq FROM outbox WHERE id = '{id}'");
        let before = db.texts(&place).await;
        create(&db.store, today.plus(DAY * 9)).await;
        let after = db.texts(&place).await.remove(0);
        assert!(after.starts_with(&of_day("outbox", today.plus(DAY * 10))), "{before:?}, {after}");
        assert_eq!(after.split(' ').next_back(), before[0].split(' ').next_back(), "its place in the order");
        assert_eq!(db.store.entries(id).await.unwrap().len(), 1);
        // The sequence goes on.
        let later = event(&db, today, None, "").await;
        let place = format!("SELECT CAST(seq AS text) FROM outbox WHERE id = '{later}'");
        assert_eq!(db.texts(&place).await, ["2"]);
    });
}

#[test]
fn a_partition_with_many_rows_is_not_divided_and_the_next_ones_are() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        // Nothing was created for a month: all rows are in the long partition.
        let insert = format!(
            "INSERT INTO audit SELECT CAST('{}' || lpad(to_hex(n), 12, '0') AS uuid), now(), '', '', \
             gen_random_uuid(), '{{}}' FROM generate_series(1, 1001) AS n",
            &id_at(today).to_string()[..24]
        );
        db.execute(&insert).await.unwrap();
        let before = names(&db, "audit").await;
        create(&db.store, today.plus(DAY * 31)).await;
        let after = names(&db, "audit").await;
        assert_eq!(&before[..2], &after[..2]);
        assert!(after.contains(&of_day("audit", today.plus(DAY * 33))), "{after:?}");
        assert_eq!(ids(&db, &after[1], "event_id").await.len(), 1001);
        assert!(!names(&db, "outbox").await.contains(&of_day("outbox", today.plus(DAY))));
    });
}

#[test]
fn migrate_creates_and_removes_partitions() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        create(&db.store, today.minus(DAY * 40)).await;
        let installation = Installation::default().set("SVC_DATABASE__URL", &db.url());
        for _ in 0..2 {
            installation.run(&["migrate"]).expect(0);
            for table in ["outbox", "inbox"] {
                let names = names(&db, table).await;
                assert!(names.contains(&of_day(table, today.plus(DAY))), "{names:?}");
                assert!(!names.contains(&of_day(table, today.minus(DAY * 40))), "{names:?}");
            }
        }
    });
}

#[test]
fn the_worker_creates_partitions() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        db.execute(&format!("DROP TABLE {}", of_day("inbox", today))).await.unwrap();
        let installation = Installation::default().set("SVC_DATABASE__URL", &db.url());
        let mut worker = installation.start_quietly(&["consume"], &[]);
        let done = "SELECT name FROM jobs WHERE name = 'partitions' AND claim IS NULL";
        until(async || !db.texts(done).await.is_empty()).await;
        worker.kill().unwrap();
        worker.wait().unwrap();
        let names = names(&db, "inbox").await;
        for day in [today, today.plus(DAY)] {
            assert!(names.contains(&of_day("inbox", day)), "{names:?}");
        }
    });
}

#[test]
fn the_worker_removes_partitions() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        let day = today.minus(DAY * 40);
        create(&db.store, day).await;
        let old = of_day("inbox", day);
        assert!(names(&db, "inbox").await.contains(&old));
        let installation = Installation::default().set("SVC_DATABASE__URL", &db.url());
        let mut worker = installation.start_quietly(&["consume"], &[]);
        let gone = format!("SELECT 'gone' WHERE to_regclass('{old}') IS NULL");
        until(async || db.texts(&gone).await == ["gone"]).await;
        worker.kill().unwrap();
        worker.wait().unwrap();
    });
}

#[test]
fn a_missing_partition_is_created_again() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        create(&db.store, today).await;
        let before = names(&db, "outbox").await;
        db.execute(&format!("DROP TABLE {}", of_day("outbox", today))).await.unwrap();
        let user = UserId(given::id());
        let lost =
            Event { id: id_at(today), ..given::event(user, EventKind::SessionStarted(SessionId(user.0))) };
        let append = async || {
            let mut work = db.store.begin().await.unwrap();
            work.outbox().append(&lost).await?;
            work.commit().await
        };
        // A client may try again.
        assert!(matches!(append().await, Err(StoreError::Unavailable(_))));
        create(&db.store, today).await;
        assert_eq!(names(&db, "outbox").await, before);
        append().await.unwrap();
    });
}

#[test]
fn partitions_belong_to_the_owner_of_their_table() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        create(&db.store, today.minus(DAY * 40)).await;
        let member = format!("member_{}", id_at(today).simple());
        db.execute(&format!("CREATE ROLE {member} LOGIN IN ROLE postgres")).await.unwrap();
        let mut url = Url::parse(&db.url()).unwrap();
        url.set_username(&member).unwrap();
        let store =
            SqlxStore::open_postgres(&SecretString::from(url.to_string()).into(), &databases::options());
        let store = store.unwrap();
        for day in [today, today.plus(DAY * 40)] {
            create(&store, day).await;
            assert!(remove(&store, day).await > 0);
        }
        let owners = "SELECT DISTINCT CAST(relowner AS regrole)::text FROM pg_class WHERE relispartition";
        assert_eq!(db.texts(owners).await, ["postgres"]);
        store.close().await;
        db.execute(&format!("DROP ROLE {member}")).await.unwrap();
    });
}

#[test]
fn a_clock_that_is_wrong_creates_and_removes_nothing() {
    databases::run(Backend::Postgres, async |_| {
        let (db, _) = database().await;
        let now = "SELECT CAST(CAST(extract(epoch FROM clock_timestamp()) AS bigint) AS text)";
        let seconds: i64 = db.texts(now).await[0].parse().unwrap();
        let now = Timestamp::from_micros(seconds * 1_000_000).unwrap();
        assert!(db.store.agree_with(now).await.unwrap());
        for wrong in [now.plus(DAY * 430), now.minus(DAY * 430)] {
            assert!(!db.store.agree_with(wrong).await.unwrap());
        }
        let Some(library) = environment::faketime() else {
            return environment::lessen("no faketime");
        };
        let before = names(&db, "audit").await;
        let installation = Installation::default().set("SVC_DATABASE__URL", &db.url());
        let ahead = [("LD_PRELOAD", library.to_str().unwrap()), ("FAKETIME", "+430d")];
        installation.run_with(&["migrate"], "", &ahead).expect(0);
        assert_eq!(names(&db, "audit").await, before);
    });
}
