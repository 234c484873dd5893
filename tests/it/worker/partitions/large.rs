//! Partitions that PostgreSQL would read for longer than others wait.

use svc::domain::Timestamp;

use super::{DAY, create, database, id_at, ids, names, of_day, remove};
use crate::support::{Backend, TestDatabase, database as databases};

/// Stores rows of the audit trail with ids of a day, and with this time.
async fn insert(db: &TestDatabase, day: Timestamp, at: Timestamp, rows: u32) {
    let sql = format!(
        "INSERT INTO audit SELECT CAST('{}' || lpad(to_hex(n), 12, '0') AS uuid), '{at}', repeat('x', 700), '', \
         gen_random_uuid(), '{{}}' FROM generate_series(1, {rows}) AS n",
        &id_at(day).to_string()[..24]
    );
    db.execute(&sql).await.unwrap();
}

#[test]
fn a_large_partition_that_stays_is_not_extended_and_the_next_ones_are_removed() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        for days in 0..5 {
            create(&db.store, today.plus(DAY * days)).await;
        }
        let [first, second, third] = [1, 2, 3].map(|days| today.plus(DAY * days));
        let now = today.plus(DAY * 40);
        // Each row takes a page of 8 kB, so that these are more than 64 MB.
        for day in [first, second] {
            let sparse = format!("ALTER TABLE {} SET (fillfactor = 10)", of_day("audit", day));
            db.execute(&sparse).await.unwrap();
        }
        insert(&db, first, now, 8300).await;
        insert(&db, second, second, 8300).await;
        for day in [second, third] {
            insert(&db, day, now, 1).await;
        }
        assert!(remove(&db.store, now).await > 0);
        let left = names(&db, "audit").await;
        let expected = ["audit_past".to_owned(), of_day("audit", first), of_day("audit", second)];
        assert_eq!(left[..3], expected, "{left:?}");
        assert_eq!(ids(&db, &left[1], "event_id").await.len(), 8300);
        // The needed row of the next day is beside its own.
        assert_eq!(ids(&db, &left[2], "event_id").await.len(), 2);
        assert!(!left.contains(&of_day("audit", third)), "{left:?}");
        // What is left costs little, and is not done again and again.
        assert_eq!(remove(&db.store, now).await, 0);
        // When its rows are over, all of it goes.
        db.execute(&format!("UPDATE audit SET occurred_at = '{first}'")).await.unwrap();
        assert!(remove(&db.store, now).await >= 2);
        let left = names(&db, "audit").await;
        assert!(
            !left.contains(&of_day("audit", first)) && !left.contains(&of_day("audit", second)),
            "{left:?}"
        );
    });
}
