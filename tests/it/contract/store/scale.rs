//! On a large database, statements read only what they need. On a database with some ten thousand rows, these
//! tests count the rows and index entries that PostgreSQL read: a scan of a table reads all of them.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use svc::adapters::sqlx::SqlxStore;
use svc::domain::{Timestamp, UserId};
use svc::ports::events::{
    BacklogReader, EventFilter, EventLog, EventReplayer, InboxQueue, Lease, OutboxQueue, Selection,
    StatementLimit,
};
use svc::ports::store::{CLEANED_AT_ONCE, Kept, Store};

use crate::support::process::{until, within};
use crate::support::{Backend, TestDatabase, database, given};

const USERS: u32 = 500;
const EVENTS: u32 = 30_000;
const HOUR: std::time::Duration = std::time::Duration::from_hours(1);

/// The number of rows and index entries that the sessions of other processes have read so far, for each table
/// and index.
const READ: &str = "SELECT concat(relname, ' ', seq_tup_read) FROM pg_stat_user_tables WHERE seq_tup_read > 0 \
     UNION ALL SELECT concat(indexrelname, ' ', idx_tup_read) FROM pg_stat_user_indexes WHERE idx_tup_read > 0";
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

/// Executes statements in a session that ends, so that its reads are counted before the next measurement.
async fn prepare(db: &TestDatabase, sql: &'static str) {
    let mut session = PgConnection::connect(&db.url()).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut session).await.unwrap();
    session.close().await.unwrap();
}

/// Returns how many rows and index entries `act` reads of each table and index. A server process reports its
/// counts at its end at the latest, so `act` runs on a store of its own, which is closed.
async fn read_by<T>(db: &TestDatabase, act: impl AsyncFnOnce(&SqlxStore) -> T) -> (BTreeMap<String, i64>, T) {
    let sum = async || {
        until(async || db.texts(OTHERS).await.is_empty()).await;
        let lines = db.texts(READ).await;
        let count = |line: &String| line.split_once(' ').map(|(of, n)| (of.to_owned(), n.parse().unwrap()));
        lines.iter().filter_map(count).collect::<BTreeMap<String, i64>>()
    };
    let before = sum().await;
    let store = db.another_store();
    let result = act(&store).await;
    store.close().await;
    let mut read = sum().await;
    for (of, count) in before {
        *read.entry(of).or_default() -= count;
    }
    read.retain(|_, count| *count != 0);
    (read, result)
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
    let sum: i64 = read.values().sum();
    assert!(sum <= most, "{what}: read {sum} rows and index entries, at most {most} are needed: {read:?}");
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

        let selection = Selection::Since { since: now.minus(HOUR), until: i64::MAX };
        let count = async |store: &SqlxStore| store.count(&selection).await.unwrap().0;
        let selected = reads_at_most(&db, "events to replay", 3000, count).await;
        assert_eq!(selected, 79, "of 179 in that hour a hundred are not relayed");
        let again = async |store: &SqlxStore| store.replay(&selection, 0, 500).await.unwrap();
        let (again, next) = reads_at_most(&db, "replay", 5000, again).await;
        assert_eq!((again, next), (selected, None));
    });
}

/// The number of scans of tables and indexes by the sessions of other processes so far.
const SCANS: &str = "SELECT CAST(CAST((SELECT sum(seq_scan) FROM pg_stat_user_tables) \
     + (SELECT sum(idx_scan) FROM pg_stat_user_indexes) AS bigint) AS text)";

/// There are more than forty partitions.
#[test]
fn an_event_is_looked_up_in_one_partition() {
    database::run(Backend::Postgres, async |backend| {
        let db = filled(backend).await;
        // In a session of its own, which counts its scans of all partitions when it ends.
        let mut session = PgConnection::connect(&db.url()).await.unwrap();
        let id = "SELECT id FROM outbox WHERE seq = 21000";
        let id = sqlx::query_scalar(id).fetch_one(&mut session).await.unwrap();
        session.close().await.unwrap();
        let scans = async || {
            until(async || db.texts(OTHERS).await.is_empty()).await;
            db.texts(SCANS).await[0].parse::<i64>().unwrap()
        };
        let before = scans().await;
        let store = db.another_store();
        assert!(store.event(id).await.unwrap().is_some());
        assert_eq!(store.entries(id).await.unwrap().len(), 2);
        assert_eq!(InboxQueue::types_of(&store, &[id]).await.unwrap().len(), 1);
        assert_eq!(store.count(&Selection::One(id)).await.unwrap(), (1, 2));
        store.close().await;
        let scans = scans().await - before;
        assert!(scans <= 20, "{scans} scans for six look-ups");
    });
}

#[test]
fn a_step_of_a_clean_up_reads_only_its_slice() {
    database::run(Backend::Postgres, async |backend| {
        let db = filled(backend).await;
        let retention = HOUR * 24 * 3;
        let kept = Kept { now: now(&db).await, retention };
        let before = kept.since();
        // Each of 500 events has a few entries in the tables and indexes that it is removed from. Every
        // 1000th is dead.
        for removed in [500, 499, 499] {
            let clean =
                async |store: &SqlxStore| store.outbox().clean(kept, None, CLEANED_AT_ONCE).await.unwrap();
            let (mut read, cleaned) = within(Box::pin(read_by(&db, clean))).await;
            // The first partition has what is left of four hours, which depends on the time of the day: if
            // that is little, it is scanned for each event.
            read.retain(|of, _| !of.contains("_part_0"));
            let sum: i64 = read.values().sum();
            assert!(sum <= 8000, "events: read {sum} rows and index entries: {read:?}");
            assert_eq!((cleaned.removed, cleaned.next.is_some()), (removed, true));
        }
        let clean = async |store: &SqlxStore| {
            store.session_cleaner().clean(before, None, CLEANED_AT_ONCE).await.unwrap()
        };
        assert!(reads_at_most(&db, "sessions", 2500, clean).await.next.is_some());
    });
}

#[test]
fn a_claim_of_the_relay_reads_a_bounded_part_of_a_backlog() {
    database::run(Backend::Postgres, async |backend| {
        let db = backend.own_database().await;
        // The table has no statistics yet. Most events are of one user, so each is compared with many. Index
        // entries of rows that the first claim replaced are counted as well. The ids are those of one
        // partition: of each other one, the first event is compared with all that are earlier.
        let insert = "INSERT INTO outbox (id, type, subject, actor, data, occurred_at) \
             SELECT CAST('ffff' || substr(CAST(gen_random_uuid() AS text), 5) AS uuid), 'svc.session.started.v1', CASE WHEN n % 5 = 0 THEN gen_random_uuid() \
             ELSE '01990000-0000-7000-8000-000000000000' END, 'operator', '{}', '2026-01-01T00:00:00Z' \
             FROM generate_series(1, 40000) AS n";
        let never_analyzed = "DO $$ DECLARE part text; BEGIN FOR part IN SELECT CAST(CAST(inhrelid AS regclass) AS text) \
             FROM pg_inherits WHERE inhparent = CAST('outbox' AS regclass) \
             LOOP EXECUTE 'ALTER TABLE ' || part || ' SET (autovacuum_enabled = false)'; END LOOP; END $$";
        prepare(&db, never_analyzed).await;
        prepare(&db, insert).await;
        let now = now(&db).await;
        for analyze in ["SELECT 1", "ANALYZE outbox"] {
            prepare(&db, analyze).await;
            let lease = Lease { claim: given::id(), now, until: now.plus(HOUR) };
            let claim = async |store: &SqlxStore| store.claim_unrelayed(&lease, 100).await.unwrap().len();
            assert_eq!(reads_at_most(&db, analyze, 20_000, claim).await, 100);
            prepare(&db, "UPDATE outbox SET claim = NULL, available_at = NULL WHERE claim IS NOT NULL").await;
        }
    });
}

#[test]
fn a_claim_reads_a_bounded_part_of_a_backlog() {
    database::run(Backend::Postgres, async |backend| {
        let db = filled(backend).await;
        let now = now(&db).await;
        prepare(&db, "UPDATE inbox SET state = 'pending', done_at = NULL WHERE state = 'done'").await;
        let release = "UPDATE inbox SET claim = NULL, available_at = available_at - interval '2 hours' \
             WHERE claim IS NOT NULL";
        // First the statistics still say that hardly any entry is pending; then there are none, as of a new
        // partition; then they are up to date. The backlog is in all partitions.
        for analyze in ["SELECT 1", "DELETE FROM pg_statistic", "VACUUM (ANALYZE) inbox"] {
            prepare(&db, analyze).await;
            let lease = Lease { claim: given::id(), now, until: now.plus(HOUR) };
            let due = async |store: &SqlxStore| store.claim_due("audit", &lease, 256).await.unwrap();
            let due = reads_at_most(&db, analyze, 5000, due).await;
            // Entries behind those that the last turn released are put off.
            assert!(due.claimed.len() + usize::try_from(due.postponed).unwrap() >= 256);
            let is_due = async |store: &SqlxStore| InboxQueue::is_due(store, "audit", now).await.unwrap();
            assert!(reads_at_most(&db, "whether the inbox has something due", 1500, is_due).await);
            prepare(&db, release).await;
        }
        let is_due = async |store: &SqlxStore| OutboxQueue::is_due(store, now).await.unwrap();
        assert!(reads_at_most(&db, "whether the outbox has something due", 200, is_due).await);
        let user = EventFilter { user: Some(UserId(given::id())), limit: 50, ..EventFilter::default() };
        let list = async |store: &SqlxStore| store.events(&user).await.unwrap().len();
        // A partition of a few pages, such as that of a day that has begun, is read as a whole: its index
        // would cost more.
        assert_eq!(reads_at_most(&db, "events of an unknown user", 1000, list).await, 0);
    });
}
