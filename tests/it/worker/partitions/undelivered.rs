//! Events that were relayed and have no inbox entry: they may still be at the broker.

use svc::domain::Timestamp;
use svc::ports::events::Partitions;
use uuid::Uuid;

use super::{DAY, create, database, event, id_at, ids, kept, names, of_day, remove};
use crate::support::{Backend, TestDatabase, database as databases};

/// Stores events that were relayed at this time. Returns the common beginning of their ids.
async fn relayed(db: &TestDatabase, day: Timestamp, events: u32) -> String {
    let begin = id_at(day).to_string()[..24].to_owned();
    let sql = format!(
        "INSERT INTO outbox (id, type, subject, actor, data, occurred_at, relayed_at) \
         SELECT CAST('{begin}' || lpad(to_hex(n), 12, '0') AS uuid), 'svc.user.locked.v1', gen_random_uuid(), \
         'operator', '{{}}', '{day}', '{day}' FROM generate_series(1, {events}) AS n"
    );
    db.execute(&sql).await.unwrap();
    begin
}

/// Stores entries, which are done, of the events whose number is between these.
async fn handled(db: &TestDatabase, begin: &str, from: u32, to: u32) {
    let sql = format!(
        "INSERT INTO inbox (event_id, handler, seq, subject, state, available_at, done_at) \
         SELECT id, 'audit', seq, subject, 'done', occurred_at, occurred_at FROM outbox \
         WHERE id BETWEEN CAST('{begin}{from:012x}' AS uuid) AND CAST('{begin}{to:012x}' AS uuid)"
    );
    db.execute(&sql).await.unwrap();
}

#[test]
fn a_partition_with_many_undelivered_events_stays() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        for days in 0..4 {
            create(&db.store, today.plus(DAY * days)).await;
        }
        let (many, few, now) = (today.plus(DAY), today.plus(DAY * 3), today.plus(DAY * 20));
        let begin = relayed(&db, many, 201).await;
        relayed(&db, few, 200).await;
        event(&db, now, None, "").await;
        assert!(remove(&db.store, now).await > 0);
        let left = names(&db, "outbox").await;
        assert_eq!(left[..2], ["outbox_past".to_owned(), of_day("outbox", many)], "{left:?}");
        assert!(!left.contains(&of_day("outbox", few)), "{left:?}");
        // The few are beside the many.
        assert_eq!(ids(&db, &left[1], "id").await.len(), 401);
        // When they are delivered and handled, the partition goes as well.
        handled(&db, &begin, 1, 201).await;
        assert!(remove(&db.store, now).await > 0);
        assert_eq!(ids(&db, "outbox", "id").await.len(), 201, "the few, and the newest");
        assert!(!names(&db, "outbox").await.contains(&of_day("outbox", many)));
    });
}

#[test]
fn a_large_partition_is_looked_through_in_several_steps() {
    databases::run(Backend::Postgres, async |_| {
        const EVENTS: u32 = 20_003;
        let (db, today) = database().await;
        create(&db.store, today).await;
        let now = today.plus(DAY * 20);
        let begin = relayed(&db, today, EVENTS).await;
        // Not delivered: the first and the last one of all, and those around the end of a step.
        handled(&db, &begin, 2, 19_999).await;
        handled(&db, &begin, 20_002, EVENTS - 1).await;
        let newest = event(&db, now, None, "").await;
        let (mut position, mut places) = (None, Vec::new());
        loop {
            let step = db.store.remove_partitions(&kept(now), position.as_deref()).await.unwrap();
            let Some(next) = step.next else { break };
            if let Some((_, after)) = next.split_once(' ')
                && after.starts_with(&begin)
            {
                places.push(after.split(' ').next().unwrap().to_owned());
            }
            position = Some(next);
        }
        assert_eq!(places, [format!("{begin}{:012x}", 20_000)]);
        let expected: Vec<Uuid> = [1, 20_000, 20_001, EVENTS]
            .iter()
            .map(|n| format!("{begin}{n:012x}").parse().unwrap())
            .chain([newest])
            .collect();
        assert_eq!(ids(&db, "outbox", "id").await, expected);
        assert!(!names(&db, "outbox").await.contains(&of_day("outbox", today)));
    });
}
