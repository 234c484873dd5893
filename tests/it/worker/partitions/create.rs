use svc::domain::Timestamp;
use svc::ports::Clock;
use svc::ports::events::EventLog;
use uuid::Uuid;

use super::{DAY, TABLES, create, database, event, id_at, ids, kept, names, of_day};
use crate::support::app::App;
use crate::support::process::{Installation, until};
use crate::support::{Backend, database as databases};

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
    databases::run(Backend::Postgres, async |backend| {
        let app = App::start_queued_with(backend, &[], |builder| builder).await;
        for table in TABLES {
            names(&app.database, table).await;
        }
        app.container.start_worker(true);
        let done = "SELECT name FROM jobs WHERE name = 'partitions' AND claim IS NULL";
        until(async || !app.database.texts(done).await.is_empty()).await;
        let now = app.clock.now();
        let names = names(&app.database, "inbox").await;
        assert!(names.contains(&of_day("inbox", now.plus(DAY * 2))), "{names:?}, {:?}", kept(now));
        app.stop().await;
    });
}
