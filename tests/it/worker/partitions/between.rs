//! A commit between the statements of a claim: the first finds the ids of open work, the second claims.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use svc::domain::Timestamp;
use svc::ports::events::{InboxQueue, Lease, OutboxQueue};

use super::{DAY, create, database, event, id_at};
use crate::support::{Backend, TestDatabase, database as databases, given};

/// Lets a claim read the ids of open work, and then commits this statement before it claims. What only reads
/// is not kept out by the lock.
async fn between<T>(db: &TestDatabase, table: &str, statement: &str, claim: impl Future<Output = T>) -> T {
    let mut writer = PgConnection::connect(&db.url()).await.unwrap();
    let lock = format!("BEGIN; LOCK TABLE {table} IN SHARE MODE");
    sqlx::raw_sql(AssertSqlSafe(lock)).execute(&mut writer).await.unwrap();
    let write = async {
        db.until_blocked().await;
        let write = format!("{statement}; COMMIT");
        sqlx::raw_sql(AssertSqlSafe(write)).execute(&mut writer).await.unwrap();
    };
    tokio::join!(claim, write).0
}

/// A database with partitions of several days, and the time of a claim in it.
async fn divided() -> (TestDatabase, Timestamp) {
    let (db, today) = database().await;
    for days in 0..3 {
        create(&db.store, today.plus(DAY * days)).await;
    }
    (db, today.plus(DAY * 2))
}

fn lease(now: Timestamp) -> Lease {
    Lease { claim: given::id(), now, until: now.plus(Duration::from_mins(1)) }
}

/// An entry of the same user, with an id of a clock that is behind by this.
const BEHIND: Duration = Duration::from_hours(20);

#[test]
fn an_entry_that_commits_between_them_keeps_the_later_ones_of_its_user_back() {
    databases::run(Backend::Postgres, async |_| {
        let claimed = loop {
            let (db, now) = divided().await;
            let later = event(&db, now, Some(now), "pending").await;
            let earlier = id_at(now.minus(BEHIND));
            let insert = format!(
                "INSERT INTO inbox (event_id, handler, seq, subject, state, available_at, claim, attempts) \
             SELECT '{earlier}', handler, seq - 1, subject, state, '{}', gen_random_uuid(), 1 FROM inbox \
             WHERE event_id = '{later}'",
                now.plus(DAY)
            );
            let lease = lease(now.plus(DAY / 4));
            let store = db.another_store();
            let claim = store.claim_due("audit", &lease, 10);
            let found = between(&db, "inbox", &insert, claim).await;
            store.close().await;
            // On a busy machine the claim gives its lock up.
            if let Ok(found) = found {
                break found.claimed;
            }
        };
        assert!(claimed.is_empty(), "{claimed:?}");
    });
}

#[test]
fn an_event_that_commits_between_them_keeps_the_later_ones_of_its_user_back() {
    databases::run(Backend::Postgres, async |_| {
        let claimed = loop {
            let (db, now) = divided().await;
            let later = event(&db, now, None, "").await;
            let earlier = id_at(now.minus(BEHIND));
            let insert = format!(
                "INSERT INTO outbox (id, seq, type, subject, actor, data, occurred_at, available_at) \
             OVERRIDING SYSTEM VALUE SELECT '{earlier}', seq - 1, type, subject, actor, data, occurred_at, '{}' \
             FROM outbox WHERE id = '{later}'",
                now.plus(DAY)
            );
            let lease = lease(now.plus(DAY / 4));
            let store = db.another_store();
            let claim = store.claim_unrelayed(&lease, 10);
            let found = between(&db, "outbox", &insert, claim).await;
            store.close().await;
            if let Ok(found) = found {
                break found;
            }
        };
        assert!(claimed.is_empty(), "{claimed:?}");
    });
}
