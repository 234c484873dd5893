//! Changes of partitions while one of them is vacuumed.

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::{DAY, create, database, event, names, of_day, remove};
use crate::support::process::until;
use crate::support::{Backend, database as databases};

/// PostgreSQL ends an autovacuum for a session that waits, but only after its `deadlock_timeout` of a second.
/// A lock that keeps others out is not waited for so long.
#[test]
fn a_vacuum_is_waited_for_while_others_write() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        create(&db.store, today).await;
        let (name, now) = (of_day("outbox", today), today.plus(DAY * 20));
        // The lock of a vacuum.
        let lock = format!("BEGIN; LOCK TABLE {name} IN SHARE UPDATE EXCLUSIVE MODE");
        let mut vacuum = PgConnection::connect(&db.url()).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(lock)).execute(&mut vacuum).await.unwrap();
        let slow = format!("ALTER DATABASE {} SET deadlock_timeout = '5min'", db.name().unwrap());
        db.execute(&slow).await.unwrap();
        let waiting = format!(
            "SELECT CAST(pid AS text) FROM pg_locks WHERE relation = CAST('{name}' AS regclass) AND NOT granted \
             AND clock_timestamp() - waitstart > interval '700 ms'"
        );
        let store = db.another_store();
        let vacuuming = async {
            until(async || !db.texts(&waiting).await.is_empty()).await;
            event(&db, today, Some(today), "dead").await;
            assert_eq!(db.texts(&format!("SELECT type FROM {name}")).await.len(), 1);
            vacuum.close().await.unwrap();
        };
        let (removed, ()) = tokio::join!(remove(&store, now), vacuuming);
        // On a busy machine it may give up, until the next time.
        assert!(removed + remove(&store, now).await > 0);
        assert!(!names(&db, "outbox").await.contains(&name));
        store.close().await;
    });
}
