//! On a large database, statements read only what they need. On a database with some ten thousand rows, these
//! tests count the rows and index entries that PostgreSQL read: a scan of a table reads all of them.

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use svc::adapters::sqlx::SqlxStore;
use svc::domain::{Timestamp, UserId};
use svc::ports::events::{EventFilter, EventLog, InboxQueue, Lease, OutboxQueue, Selection, StatementLimit};
use svc::ports::store::{CLEANED_AT_ONCE, Store};

use crate::support::process::{until, within};
use crate::support::{Backend, TestDatabase, database, given};

const USERS: u32 = 500;
const EVENTS: u32 = 30_000;
const HOUR: std::time::Duration = std::time::Duration::from_hours(1);

/// The number of rows and index entries that the sessions of other processes have read so far.
const READ: &str = "SELECT CAST(CAST((SELECT sum(seq_tup_read) FROM pg_stat_user_tables) \
     + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes) AS bigint) AS text)";
const OTHERS: &str = "SELECT CAST(pid AS text) FROM pg_stat_activity \
     WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()";

async fn filled(backend: Backend) -> TestDatabase {
    let db = backend.own_database().await;
    let mut connection = PgConnection::connect(&db.url()).await.unwrap();
    let size = format!("SET svc.users = {USERS}; SET svc.events = {EVENTS}");
    sqlx::raw_sql(AssertSqlSafe(size)).execute(&mut connection).await.unwrap();
    sqlx::raw_sql(include_str!("../../../scale/fill.sql")).execute(&mut connection).await.unwrap();
    sqlx::raw_sql("VACUUM (ANALYZE)").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    db
}

/// Returns how many rows and index entries `act` reads. A server process reports its counts at its end at the
/// latest, so `act` runs on a store of its own, which is closed.
async fn read_by<T>(db: &TestDatabase, act: impl AsyncFnOnce(&SqlxStore) -> T) -> (i64, T) {
    let sum = async || db.texts(READ).await[0].parse::<i64>().unwrap();
    until(async || db.texts(OTHERS).await.is_empty()).await;
    let before = sum().await;
    let store = db.another_store();
    let result = act(&store).await;
    store.close().await;
    until(async || db.texts(OTHERS).await.is_empty()).await;
    (sum().await - before, result)
}

/// Returns the time of the newest event, so that "since then" does not depend on how long the test takes.
/// Read by a session that ends, so that its reads are counted before.
async fn now(db: &TestDatabase) -> Timestamp {
    let mut session = PgConnection::connect(&db.url()).await.unwrap();
    let micros = "SELECT CAST(extract(epoch FROM max(occurred_at)) * 1000000 AS bigint) FROM outbox";
    let micros: i64 = sqlx::query_scalar(micros).fetch_one(&mut session).await.unwrap();
    session.close().await.unwrap();
    Timestamp::from_micros(micros).unwrap()
}

/// Panics if the statements of `act` read more than `most`.
async fn reads_at_most<T>(
    db: &TestDatabase,
    what: &str,
    most: i64,
    act: impl AsyncFnOnce(&SqlxStore) -> T,
) -> T {
    let (read, result) = within(Box::pin(read_by(db, act))).await;
    assert!(read <= most, "{what}: read {read} rows and index entries, at most {most} are needed");
    result
}

#[test]
fn statements_read_a_small_part_of_large_tables() {
    database::run(Backend::Postgres, async |backend| {
        let db = filled(backend).await;
        let now = now(&db).await;
        let filter = EventFilter { limit: 50, ..EventFilter::default() };
        let since = |ago| EventFilter { since: Some(now.minus(ago)), ..filter.clone() };
        let of_type = |name: &str, of| EventFilter { type_name: Some(name.to_owned()), ..of };

        let backlog = reads_at_most(&db, "statistics", 1500, async |store| {
            store.backlog(StatementLimit::Job).await.unwrap()
        })
        .await;
        let pending: Vec<_> = backlog.handlers.iter().map(|of| (&*of.handler, of.pending, of.dead)).collect();
        assert_eq!((backlog.unrelayed, pending), (100, vec![("audit", 100, 29), ("mail", 10, 27)]));

        let none = of_type("svc.user.deleted.v1", filter.clone());
        for (what, filter, found) in [
            ("the newest", filter.clone(), 50),
            // One event every 20.16 seconds, including the newest.
            ("since a minute", since(HOUR / 60), 3),
            ("since an hour", since(HOUR), 50),
            ("a rare type", of_type("svc.user.locked.v1", filter.clone()), 3),
            ("a rare type since a day", of_type("svc.user.locked.v1", since(HOUR * 24)), 1),
            ("a type that never was", none.clone(), 0),
        ] {
            let list = async |store: &SqlxStore| store.events(&filter).await.unwrap().len();
            let events = reads_at_most(&db, &format!("events, {what}"), 3000, list).await;
            assert_eq!(events, found, "{what}");
            let list = async |store: &SqlxStore| store.dead(&filter).await.map(drop).unwrap();
            reads_at_most(&db, &format!("dead letters, {what}"), 3000, list).await;
            let list = async |store: &SqlxStore| store.audit().list(&filter).await.map(drop).unwrap();
            reads_at_most(&db, &format!("audit, {what}"), 3000, list).await;
        }

        let selection = Selection::Since(now.minus(HOUR));
        let count = async |store: &SqlxStore| store.count(&selection).await.unwrap().0;
        let selected = reads_at_most(&db, "events to replay", 3000, count).await;
        assert_eq!(selected, 79, "of 179 in that hour a hundred are not relayed");
        let again = async |store: &SqlxStore| store.replay(&selection, 0, 500).await.unwrap();
        let (again, next) = reads_at_most(&db, "replay", 5000, again).await;
        assert_eq!((again, next), (selected, None));
    });
}

#[test]
fn a_step_of_a_clean_up_reads_only_its_slice() {
    database::run(Backend::Postgres, async |backend| {
        let db = filled(backend).await;
        let before = now(&db).await.minus(HOUR * 24 * 3);
        // Each of 500 events has a few entries in the tables and indexes that it is removed from. Every
        // 1000th is dead.
        for removed in [500, 499, 499] {
            let clean =
                async |store: &SqlxStore| store.outbox().clean(before, None, CLEANED_AT_ONCE).await.unwrap();
            let cleaned = reads_at_most(&db, "events", 8000, clean).await;
            assert_eq!((cleaned.removed, cleaned.next.is_some()), (removed, true));
        }
        let clean =
            async |store: &SqlxStore| store.sessions().clean(before, None, CLEANED_AT_ONCE).await.unwrap();
        assert!(reads_at_most(&db, "sessions", 2500, clean).await.next.is_some());
    });
}

#[test]
fn a_claim_of_the_relay_reads_a_bounded_part_of_a_backlog() {
    database::run(Backend::Postgres, async |backend| {
        let db = backend.own_database().await;
        // The table has no statistics yet. Most events are of one user.
        let insert = "INSERT INTO outbox (id, type, subject, actor, data, occurred_at) SELECT gen_random_uuid(), \
             'svc.session.started.v1', CASE WHEN n % 5 = 0 THEN gen_random_uuid() \
             ELSE '01990000-0000-7000-8000-000000000000' END, 'operator', '{}', '2026-01-01T00:00:00Z' \
             FROM generate_series(1, 10000) AS n";
        db.execute("ALTER TABLE outbox SET (autovacuum_enabled = false)").await.unwrap();
        db.execute(insert).await.unwrap();
        let now = now(&db).await;
        for analyze in ["SELECT 1", "ANALYZE outbox"] {
            db.execute(analyze).await.unwrap();
            let lease = Lease { claim: given::id(), now, until: now.plus(HOUR) };
            let claim = async |store: &SqlxStore| store.claim_unrelayed(&lease, 100).await.unwrap().len();
            assert_eq!(reads_at_most(&db, analyze, 50_000, claim).await, 100);
            db.execute("UPDATE outbox SET claim = NULL, available_at = NULL").await.unwrap();
        }
    });
}

#[test]
fn a_claim_reads_a_bounded_part_of_a_backlog() {
    database::run(Backend::Postgres, async |backend| {
        let db = filled(backend).await;
        let now = now(&db).await;
        db.execute("UPDATE inbox SET state = 'pending', done_at = NULL WHERE state = 'done'").await.unwrap();
        // First the statistics still say that hardly any entry is pending; then they are up to date.
        for analyze in ["SELECT 1", "VACUUM (ANALYZE) inbox"] {
            db.execute(analyze).await.unwrap();
            let lease = Lease { claim: given::id(), now, until: now.plus(HOUR) };
            let due = async |store: &SqlxStore| store.claim_due("audit", &lease, 256).await.unwrap();
            assert_eq!(reads_at_most(&db, "inbox", 15_000, due).await.claimed.len(), 256);
        }
        let is_due = async |store: &SqlxStore| InboxQueue::is_due(store, "audit", now).await.unwrap();
        assert!(reads_at_most(&db, "whether the inbox has something due", 1500, is_due).await);
        let is_due = async |store: &SqlxStore| OutboxQueue::is_due(store, now).await.unwrap();
        assert!(reads_at_most(&db, "whether the outbox has something due", 200, is_due).await);
        let user = EventFilter { user: Some(UserId(given::id())), limit: 50, ..EventFilter::default() };
        let list = async |store: &SqlxStore| store.events(&user).await.unwrap().len();
        assert_eq!(reads_at_most(&db, "events of an unknown user", 100, list).await, 0);
    });
}
