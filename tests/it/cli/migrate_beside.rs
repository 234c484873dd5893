//! `svc migrate` on PostgreSQL, while other sessions work.

use std::io::{BufRead, BufReader};
use std::process::Child;
use std::sync::mpsc;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::task::JoinSet;

use crate::support::process::{Installation, NEVER, finish, until};
use crate::support::{Backend, TestDatabase, database};

/// Restores a database without some migrations: one adds indexes to `outbox`, and another one a column to
/// `jobs`. Those of a later number stay, so that a new one needs no line here.
const UNDO: &str = "DELETE FROM _sqlx_migrations WHERE version BETWEEN 11 AND 21; ALTER TABLE jobs DROP COLUMN position; \
     ALTER TABLE sessions DROP COLUMN undelivered_generation; DROP INDEX outbox_by_type; \
     ALTER TABLE users DROP COLUMN locale, DROP COLUMN metadata, DROP COLUMN app_metadata; \
     DROP TABLE invitations; ALTER TABLE sessions DROP COLUMN audience; \
     ALTER TABLE outbox DROP COLUMN request_id, DROP COLUMN tracestate; \
     ALTER TABLE mail_requests DROP COLUMN request_id, DROP COLUMN tracestate";
/// The ids are those of one partition.
const EVENT: &str = "INSERT INTO outbox (id, type, subject, actor, data, occurred_at) \
     VALUES (CAST('ffff' || substr(CAST(gen_random_uuid() AS text), 5) AS uuid), 'svc.user.locked.v1', gen_random_uuid(), 'operator', '{}', now())";
const VALID: &str =
    "SELECT CAST(indisvalid AS text) FROM pg_index WHERE indexrelid = to_regclass('outbox_by_type')";

async fn behind() -> (Installation, TestDatabase) {
    let db = Backend::Postgres.own_database().await;
    db.execute(UNDO).await.unwrap();
    db.execute(EVENT).await.unwrap();
    let installation = Installation::default().set("SVC_DATABASE__URL", &db.url());
    (installation, db)
}

/// Opens a session that has run this in a transaction and leaves the transaction open.
async fn session(db: &TestDatabase, sql: &str) -> PgConnection {
    let mut session = PgConnection::connect(&db.url()).await.unwrap();
    let sql = format!("SET application_name = 'long report'; BEGIN; {sql}");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut session).await.unwrap();
    session
}

/// Runs this in a session that fails after a time limit if it waits for a lock that is never released.
async fn is_not_held_up(db: &TestDatabase, sql: &str) {
    let sql = format!("SET lock_timeout = '20s'; {sql}");
    db.execute(&sql).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
}

/// Reads the log up to the line that contains all of these texts.
fn until_logged(child: &mut Child, texts: &[&str]) {
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let (found, line) = mpsc::channel();
    let wanted: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            if wanted.iter().all(|text| line.contains(text.as_str())) {
                let _ = found.send(());
            }
        }
    });
    line.recv_timeout(NEVER).unwrap_or_else(|_| panic!("the log never has {texts:?}"));
}

#[test]
fn a_change_of_a_table_lets_writes_pass_and_names_the_session_that_it_waits_for() {
    database::run(Backend::Postgres, async |_| {
        let (installation, db) = behind().await;
        let mut reader = session(&db, "SELECT count(*) FROM jobs").await;
        let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut reader).await.unwrap();
        let mut migrate = installation.start(&["migrate"]);
        until_logged(
            &mut migrate,
            &["blocked by another session", "long report", "postgres", &pid.to_string()],
        );
        for job in 0..3 {
            is_not_held_up(&db, &format!("INSERT INTO jobs (name, due_at) VALUES ('job {job}', now())"))
                .await;
        }
        sqlx::raw_sql("COMMIT").execute(&mut reader).await.unwrap();
        finish(migrate).expect(0);
        assert_eq!(db.texts("SELECT name FROM jobs WHERE position IS NULL").await.len(), 3);
    });
}

/// Each migration waits for one table, so none holds a lock while it waits for another one.
#[test]
fn a_migration_that_waits_for_a_table_holds_no_other() {
    database::run(Backend::Postgres, async |_| {
        let (installation, db) = behind().await;
        // The migration itself has to wait for them: no index is left to be built before it.
        db.execute("CREATE INDEX outbox_by_type ON outbox (type, seq)").await.unwrap();
        let mut outbox = session(&db, "LOCK TABLE outbox IN ROW EXCLUSIVE MODE").await;
        let mut jobs = session(&db, "SELECT count(*) FROM jobs").await;
        let held = "SELECT CAST(relation AS regclass)::text FROM pg_locks JOIN pg_stat_activity USING (pid) \
             WHERE application_name = 'svc migrate' AND pg_stat_activity.datname = current_database() \
             AND locktype = 'relation' AND granted AND mode IN ('ShareLock', 'AccessExclusiveLock') \
             AND relation IN ('inbox'::regclass, 'outbox'::regclass, 'audit'::regclass, 'jobs'::regclass)";
        let waits_for = |table: &str| {
            format!(
                "SELECT 'waits' FROM pg_locks WHERE NOT granted AND relation = '{table}'::regclass \
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        };
        let migrate = installation.start(&["migrate"]);
        for (table, reader) in [("outbox", &mut outbox), ("jobs", &mut jobs)] {
            let both = format!("{} UNION ALL {held}", waits_for(table));
            until(async || {
                let seen = db.texts(&both).await;
                let waits = seen.first().is_some_and(|first| first == "waits");
                assert!(!waits || seen == ["waits"], "beside the wait for {table}: {seen:?}");
                waits
            })
            .await;
            sqlx::raw_sql("COMMIT").execute(reader).await.unwrap();
        }
        finish(migrate).expect(0);
        assert_eq!(
            db.texts("SELECT CAST(version AS text) FROM _sqlx_migrations WHERE version BETWEEN 11 AND 14")
                .await
                .len(),
            4
        );
    });
}

#[test]
fn an_index_is_built_during_writes() {
    database::run(Backend::Postgres, async |_| {
        let (installation, db) = behind().await;
        let mut writer = session(&db, EVENT).await;
        let mut migrate = installation.start(&["migrate"]);
        until_logged(&mut migrate, &["blocked by another session", "long report"]);
        let building = "SELECT command FROM pg_stat_progress_create_index WHERE datname = current_database()";
        until(async || db.texts(building).await == ["CREATE INDEX CONCURRENTLY"]).await;
        is_not_held_up(&db, EVENT).await;
        sqlx::raw_sql("COMMIT").execute(&mut writer).await.unwrap();
        finish(migrate).expect(0);
        assert_eq!(db.texts(VALID).await, ["true"]);
    });
}

#[test]
fn an_index_whose_building_was_interrupted_is_built_again() {
    database::run(Backend::Postgres, async |_| {
        for is_empty in [false, true] {
            let (installation, db) = behind().await;
            db.execute("CREATE INDEX outbox_by_type ON outbox (type)").await.unwrap();
            let interrupt =
                "UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass('outbox_by_type')";
            db.execute(interrupt).await.unwrap();
            if is_empty {
                db.execute("DELETE FROM outbox").await.unwrap();
            }
            installation.run(&["migrate"]).expect(0);
            assert_eq!(db.texts(VALID).await, ["true"]);
            let columns = "SELECT indexdef FROM pg_indexes WHERE indexname = 'outbox_by_type'";
            assert!(db.texts(columns).await[0].ends_with("(type, seq)"));
        }
    });
}

/// Each partition has its index built before the table has it.
#[test]
fn an_index_whose_building_was_interrupted_on_a_partition_is_built_again() {
    database::run(Backend::Postgres, async |_| {
        let (installation, db) = behind().await;
        db.execute("CREATE INDEX outbox_by_type_future ON outbox_future (type, seq)").await.unwrap();
        let interrupt =
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass('outbox_by_type_future')";
        db.execute(interrupt).await.unwrap();
        installation.run(&["migrate"]).expect(0);
        let invalid = "SELECT CAST(indexrelid AS regclass)::text FROM pg_index WHERE NOT indisvalid";
        assert_eq!(db.texts(invalid).await, [""; 0]);
        assert_eq!(db.texts(VALID).await, ["true"]);
    });
}

#[test]
fn a_running_migration_is_named() {
    database::run(Backend::Postgres, async |_| {
        let (installation, db) = behind().await;
        let mut other = session(&db, "SELECT pg_advisory_lock(7566947, 7170407)").await;
        let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut other).await.unwrap();
        let mut migrate = installation.start(&["migrate"]);
        until_logged(&mut migrate, &["another process is migrating", &pid.to_string()]);
        other.close().await.unwrap();
        finish(migrate).expect(0);
    });
}

/// No session waits for the build of an index, so it waits for others as long as they take, and is not begun
/// again: neither after a migration that had a limit, nor after an invalid index was removed.
#[test]
fn the_build_of_an_index_waits_as_long_as_others_take() {
    database::run(Backend::Postgres, async |_| {
        for is_interrupted in [false, true] {
            let (installation, db) = behind().await;
            if is_interrupted {
                db.execute("CREATE INDEX outbox_by_type ON outbox (type)").await.unwrap();
                let interrupt =
                    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass('outbox_by_type')";
                db.execute(interrupt).await.unwrap();
            }
            // It has no lock of the table, and may still read what the index does not have.
            let mut reader = session(&db, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT 1").await;
            let migrate = installation.start(&["migrate"]);
            // Longer than the limit of a change of a table.
            let waits = "SELECT CAST(pid AS text) FROM pg_locks JOIN pg_stat_activity USING (pid) \
                 WHERE application_name = 'svc migrate' AND datname = current_database() AND NOT granted \
                 AND query LIKE 'CREATE INDEX CONCURRENTLY%' \
                 AND clock_timestamp() - waitstart > interval '700 ms'";
            until(async || !db.texts(waits).await.is_empty()).await;
            sqlx::raw_sql("COMMIT").execute(&mut reader).await.unwrap();
            let ran = finish(migrate).expect(0);
            assert!(!ran.stderr.contains("did not get a lock in time"), "{}", ran.stderr);
            assert_eq!(db.texts(VALID).await, ["true"]);
        }
    });
}

/// The other session waits for the turn of the migration, and the migration for the table of the other one.
/// PostgreSQL ends the wait of the one that looks first.
#[test]
fn a_migration_that_a_deadlock_ended_is_tried_again() {
    database::run(Backend::Postgres, async |_| {
        let (installation, db) = behind().await;
        let soon = format!("ALTER DATABASE {} SET deadlock_timeout = '20ms'", db.name().unwrap());
        db.execute(&soon).await.unwrap();
        let mut other = session(&db, "SET LOCAL deadlock_timeout = '1h'; SELECT count(*) FROM jobs").await;
        let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut other).await.unwrap();
        let mut migrate = installation.start(&["migrate"]);
        until_logged(&mut migrate, &["blocked by another session", "long report"]);
        let mut waiting = JoinSet::new();
        waiting.spawn(async move {
            let turn = sqlx::raw_sql("SELECT pg_advisory_lock(7566947, 7170407)");
            let _ = turn.execute(&mut other).await;
        });
        let ended = "SELECT CAST(deadlocks AS text) FROM pg_stat_database WHERE datname = current_database()";
        until(async || db.texts(ended).await != ["0"]).await;
        db.texts(&format!("SELECT CAST(pg_terminate_backend({pid}) AS text)")).await;
        waiting.join_all().await;
        finish(migrate).expect(0);
    });
}
