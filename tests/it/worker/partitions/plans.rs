//! How claims are planned: planning covers every partition between the lowest and the highest id of open
//! work.

use std::time::Duration;

use secrecy::SecretString;
use svc::adapters::sqlx::{PoolOptions, SqlxStore};
use svc::config::Pooler;
use svc::domain::Timestamp;
use svc::ports::events::{InboxQueue, Lease, OutboxQueue};

use super::{DAY, create, database, event};
use crate::support::{Backend, TestDatabase, database as databases, given};

/// A trigger runs in the session of the claim, and so it sees the prepared statements of that session.
const RECORD: &str = "CREATE TABLE plans (name text, made_once bigint, made_each_time bigint); \
     CREATE TABLE modes (mode text); \
     CREATE FUNCTION record_plans() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
     INSERT INTO modes VALUES (current_setting('plan_cache_mode')); \
     INSERT INTO plans SELECT left(statement, 20), generic_plans, custom_plans FROM pg_prepared_statements \
     WHERE statement LIKE 'WITH %' OR statement LIKE 'SELECT (%'; RETURN NULL; END $$; \
     CREATE TRIGGER record_plans AFTER UPDATE ON inbox EXECUTE FUNCTION record_plans(); \
     CREATE TRIGGER record_plans AFTER UPDATE ON outbox EXECUTE FUNCTION record_plans()";

/// A database with open work of two weeks, whose claims are recorded.
async fn recorded() -> (TestDatabase, Timestamp) {
    let (db, today) = database().await;
    for days in 0..14 {
        let now = today.plus(DAY * days);
        create(&db.store, now).await;
        event(&db, now, Some(now), "pending").await;
        event(&db, now, None, "").await;
    }
    db.execute(RECORD).await.unwrap();
    (db, today.plus(DAY * 20))
}

/// Claims all open work of the relay and of a handler, one after the other.
async fn claim_all(store: &SqlxStore, now: Timestamp) {
    let lease = || Lease { claim: given::id(), now, until: now.plus(Duration::from_mins(1)) };
    for _ in 0..14 {
        assert_eq!(store.claim_unrelayed(&lease(), 1).await.unwrap().len(), 1);
        assert_eq!(store.claim_due("audit", &lease(), 1).await.unwrap().claimed.len(), 1);
    }
}

#[test]
fn claims_are_planned_once_per_session() {
    databases::run(Backend::Postgres, async |_| {
        let (db, now) = recorded().await;
        claim_all(&db.another_store(), now).await;
        let statements = db.texts("SELECT DISTINCT name FROM plans").await;
        assert!(statements.len() >= 3, "{statements:?}");
        let each_time = "SELECT DISTINCT name FROM plans WHERE made_each_time > 0 OR made_once = 0";
        assert_eq!(db.texts(each_time).await, [] as [String; 0]);
    });
}

/// Such a session has no plans of earlier claims, so a plan that is made once would be made for each claim,
/// and for all partitions.
#[test]
fn claims_of_a_session_without_statements_are_planned_for_their_parameters() {
    databases::run(Backend::Postgres, async |_| {
        let (db, now) = recorded().await;
        let options = PoolOptions { pooler: Pooler::Transaction, ..databases::options() };
        let store = SqlxStore::open_postgres(&SecretString::from(db.url()).into(), &options).unwrap();
        claim_all(&store, now).await;
        assert_eq!(db.texts("SELECT DISTINCT mode FROM modes").await, ["auto"]);
        assert_eq!(db.texts("SELECT name FROM plans").await, [] as [String; 0]);
        store.close().await;
    });
}
