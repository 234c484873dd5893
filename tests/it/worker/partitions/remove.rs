use svc::ports::Store;
use svc::ports::events::EventLog;
use svc::ports::store::Kept;

use super::{DAY, create, database, event, id_at, ids, names, of_day, remove};
use crate::support::{Backend, database as databases};

#[test]
fn partitions_whose_retention_is_over_are_removed_and_needed_rows_are_moved() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        let (mut needed, mut entries) = (Vec::new(), Vec::new());
        for days in 0..30 {
            let day = today.plus(DAY * days);
            create(&db.store, day).await;
            event(&db, day, Some(day), "done").await;
            // A dead letter, an entry that waits, an event that waits, one that was relayed late, and one
            // that may still be at the broker.
            let open = [
                event(&db, day, Some(day), "dead").await,
                event(&db, day, Some(day), "pending").await,
                event(&db, day, Some(today.plus(DAY * 29)), "done").await,
            ];
            entries.extend(open);
            needed.extend(open);
            needed.push(event(&db, day, None, "").await);
            needed.push(event(&db, day, Some(day), "").await);
        }
        let now = today.plus(DAY * 30);
        let before = names(&db, "outbox").await.len();
        // All days that are over: 0 to 22.
        assert_eq!(remove(&db.store, now).await, 2 * 23);
        let left = names(&db, "outbox").await;
        assert_eq!((left.len(), names(&db, "inbox").await.len()), (before - 23, before - 23), "{left:?}");
        assert_eq!(left[1], of_day("outbox", today.plus(DAY * 23)));
        let outbox = ids(&db, "outbox", "id").await;
        let is_recent = |id: &uuid::Uuid| *id >= id_at(today.plus(DAY * 23).minus(DAY / 2));
        needed.retain(|id| !is_recent(id));
        entries.retain(|id| !is_recent(id));
        needed.sort_unstable();
        entries.sort_unstable();
        let old = |ids: Vec<uuid::Uuid>| ids.into_iter().filter(|id| !is_recent(id)).collect::<Vec<_>>();
        assert_eq!(old(outbox), needed);
        assert_eq!(old(ids(&db, "inbox", "event_id").await), entries);
        // An operator still finds them.
        assert!(db.store.event(needed[0]).await.unwrap().is_some());
        assert_eq!(db.store.entries(entries[0]).await.unwrap().len(), 1);
        // The clean-up of rows removes them when they are done.
        db.execute(
            "UPDATE outbox SET relayed_at = occurred_at; UPDATE inbox SET state = 'done', done_at = now()",
        )
        .await
        .unwrap();
        let kept = Kept { now: now.plus(DAY * 2), retention: DAY * 7 };
        let cleaned = db.store.outbox().clean(kept, None, 500).await.unwrap();
        assert_eq!(cleaned.removed, 23 * 3, "those that were never delivered stay");
        assert_eq!(remove(&db.store, now).await, 0);
    });
}

#[test]
fn the_audit_trail_keeps_what_its_retention_says() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        for days in [0, 1, 2, 3] {
            let day = today.plus(DAY * days);
            create(&db.store, day).await;
            let (id, late) = (id_at(day), id_at(day));
            // One whose time is not that of its id.
            let (at, recent) = (day, today.plus(DAY * 40));
            let row = |id, at| format!("('{id}', '{at}', '', '', '{id}', '{{}}')");
            let sql = format!("INSERT INTO audit VALUES {}, {}", row(id, at), row(late, recent));
            db.execute(&sql).await.unwrap();
        }
        // Days 0 and 1 are over. Of the outbox and the inbox, days 0 to 5 are over.
        assert!(remove(&db.store, today.plus(DAY * 32)).await >= 2 + 2 * 6);
        assert_eq!(names(&db, "audit").await[1], of_day("audit", today.plus(DAY * 2)));
        assert_eq!(ids(&db, "audit", "event_id").await.len(), 6);
        assert_eq!(ids(&db, "audit_past", "event_id").await.len(), 2);
    });
}

#[test]
fn a_partition_with_many_needed_rows_stays_and_the_next_ones_are_removed() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        for days in 0..5 {
            create(&db.store, today.plus(DAY * days)).await;
        }
        let day = today.plus(DAY);
        let insert = format!(
            "INSERT INTO outbox (id, type, subject, actor, data, occurred_at, relayed_at) \
             SELECT CAST('{}' || lpad(to_hex(n), 12, '0') AS uuid), 'svc.user.locked.v1', gen_random_uuid(), 'operator', \
             '{{}}', '{day}', '{day}' FROM generate_series(1, 1001) AS n; \
             INSERT INTO inbox (event_id, handler, seq, subject, state, available_at) \
             SELECT id, 'audit', seq, subject, 'dead', '{day}' FROM outbox",
            &id_at(day).to_string()[..24]
        );
        db.execute(&insert).await.unwrap();
        let one = event(&db, today.plus(DAY * 3), Some(day), "dead").await;
        remove(&db.store, today.plus(DAY * 20)).await;
        for table in ["outbox", "inbox"] {
            let left = names(&db, table).await;
            assert_eq!(left[..2], [format!("{table}_past"), of_day(table, day)], "{left:?}");
            // The only needed row of a later day is beside them.
            assert_eq!(
                ids(&db, &left[1], if table == "outbox" { "id" } else { "event_id" }).await.len(),
                1002
            );
        }
        assert_eq!(db.store.entries(one).await.unwrap().len(), 1);
        // When they are done, the partition goes as well.
        db.execute("UPDATE inbox SET state = 'done', done_at = now()").await.unwrap();
        assert_eq!(remove(&db.store, today.plus(DAY * 20)).await, 2);
        assert_eq!(ids(&db, "outbox", "id").await, [one], "the newest event");
    });
}
