//! Migrates PostgreSQL while the service is running.
//!
//! A change of a table waits for every transaction that has read the table, and every other session waits
//! behind the change. So the change waits only for a moment, lets the other sessions pass, and is retried.
//! The limit applies per lock, so a migration changes one table. An index is built without blocking writes.
//! The sessions that a migration waits for are logged.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use sqlx::migrate::{Migrate, MigrateError, Migrator};
use sqlx::{Connection as _, PgConnection};
use tokio::time::sleep;

use super::indexes::{build, indexes};
use super::status::status;
use crate::adapters::sqlx::postgres::Sessions;
use crate::ports::Migration;
use crate::ports::store::StoreError;
use crate::tasks::Backoff;

/// Only the wait for a lock has a limit (see [`LOCKS_IN_TIME`]). The notice that a table already exists is
/// not shown.
const OWN_TERMS: &str = "SET statement_timeout = 0; SET lock_timeout = 0; SET client_min_messages = warning; \
     SET application_name = 'svc migrate'";
/// Requests that wait behind a change of a table give up after a second, so this limit is well below that.
const LOCKS_IN_TIME: &str = "SET lock_timeout = 300";
/// A concurrent index build waits for transactions that began before it, and no session waits for the build.
const LOCKS_AT_LEISURE: &str = "SET lock_timeout = 0";
/// The first and the longest back-off, in which other sessions continue.
const PAUSES: Backoff = Backoff::new(Duration::from_millis(500), Duration::from_secs(5));

/// Tries to take the advisory lock of migrations, whose key spells `svc` and `mig`. The lock is polled: a
/// statement that waits is a transaction, and an index build of another process would wait for its end.
const TAKE_TURN: &str = "SELECT pg_try_advisory_lock(7566947, 7170407)";
const TURN_POLL: Duration = Duration::from_millis(20);
const WHO_HAS_THE_TURN: &str = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted \
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
     AND classid = 7566947 AND objid = 7170407 LIMIT 1";

/// How often to check which sessions the migration waits for.
const LOOK: Duration = Duration::from_millis(100);
const BLOCKERS: &str = "SELECT pid, CAST(usename AS text), application_name, \
     CAST(extract(epoch FROM clock_timestamp() - query_start) AS bigint) FROM pg_stat_activity \
     WHERE pid = ANY(pg_blocking_pids($1))";

/// Applies the pending migrations and returns them. A second connection, if `direct` can make one, finds the
/// sessions that the first one waits for.
pub(in crate::adapters::sqlx) async fn up(
    known: &Migrator,
    mut connection: PgConnection,
    direct: &Sessions,
) -> Result<Vec<Migration>, StoreError> {
    sqlx::raw_sql(OWN_TERMS).execute(&mut connection).await?;
    let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut connection).await?;
    take_turn(&mut connection).await?;
    let done = tokio::select! {
        done = migrate(known, &mut connection) => done?,
        never = watch(direct, pid) => match never {},
    };
    connection.close().await?;
    Ok(done)
}

async fn take_turn(connection: &mut PgConnection) -> Result<(), StoreError> {
    let mut is_named = false;
    while !sqlx::query_scalar(TAKE_TURN).fetch_one(&mut *connection).await? {
        if !is_named {
            let pid: Option<i32> =
                sqlx::query_scalar(WHO_HAS_THE_TURN).fetch_optional(&mut *connection).await?;
            tracing::info!(pid, "another process is migrating the database, waiting");
            is_named = true;
        }
        sleep(TURN_POLL).await;
    }
    Ok(())
}

async fn migrate(known: &Migrator, connection: &mut PgConnection) -> Result<Vec<Migration>, StoreError> {
    connection.ensure_migrations_table(&known.table_name).await?;
    let applied = connection.list_applied_migrations(&known.table_name).await?;
    let applied: Vec<i64> = applied.into_iter().map(|migration| migration.version).collect();
    let pending: Vec<Migration> =
        status(known, &applied).into_iter().filter(|migration| !migration.applied).collect();
    if pending.is_empty() {
        // Fails if the database is newer than this binary, or has another history.
        known.run_direct(None, connection, false).await?;
    }
    for Migration { version, .. } in &pending {
        let sql = known.iter().find(|migration| migration.version == *version).map(|it| it.sql.as_str());
        patiently(connection, known, *version, sql.unwrap_or_default()).await?;
    }
    Ok(pending.into_iter().map(|migration| Migration { applied: true, ..migration }).collect())
}

/// Applies one migration. If it does not get a lock in time, it is rolled back and retried after a back-off.
async fn patiently(
    connection: &mut PgConnection,
    known: &Migrator,
    version: i64,
    sql: &str,
) -> Result<(), StoreError> {
    let mut backoff = PAUSES;
    loop {
        let error = match apply(connection, known, version, sql).await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        if !is_about_locks(&error) {
            return Err(error.into());
        }
        let pause = backoff.wait();
        tracing::warn!(version, ?pause, "migration did not get a lock in time, retrying");
        sleep(pause).await;
    }
}

async fn apply(
    connection: &mut PgConnection,
    known: &Migrator,
    version: i64,
    sql: &str,
) -> Result<(), MigrateError> {
    sqlx::raw_sql(LOCKS_AT_LEISURE).execute(&mut *connection).await?;
    for index in indexes(sql) {
        build(connection, &index).await?;
    }
    sqlx::raw_sql(LOCKS_IN_TIME).execute(&mut *connection).await?;
    // `run` cannot be called from a boxed future; sqlx offers `run_direct` instead.
    known.run_direct(Some(version), connection, false).await
}

/// Whether a lock was not available in time, or there was a deadlock.
fn is_about_locks(error: &MigrateError) -> bool {
    let (MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) = error else {
        return false;
    };
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| ["55P03", "40P01"].contains(&&*code))
}

/// Logs each session that the migration waits for, once. Never returns.
async fn watch(direct: &Sessions, pid: i32) -> Infallible {
    type Session = (i32, Option<String>, Option<String>, Option<i64>);
    let mut named = BTreeSet::new();
    sleep(LOOK).await;
    // Without this connection, for example behind a pooler that has only one session, the migration
    // continues.
    let Ok(mut watcher) = direct.connect_unlimited().await else { return pending().await };
    loop {
        sleep(LOOK).await;
        let sessions = sqlx::query_as(BLOCKERS).bind(pid).fetch_all(&mut watcher).await;
        let sessions: Vec<Session> = sessions.unwrap_or_default();
        for (pid, user, application, seconds) in sessions {
            if named.insert(pid) {
                tracing::warn!(
                    pid,
                    user,
                    application,
                    query_age_seconds = seconds,
                    "migration is blocked by another session"
                );
            }
        }
    }
}
