//! Partitions by time, which only PostgreSQL has.

mod beside;
mod between;
mod create;
mod large;
mod plans;
mod remove;
mod rights;
mod undelivered;
mod vacuum;

use std::time::Duration;

use svc::adapters::sqlx::SqlxStore;
use svc::domain::Timestamp;
use svc::ports::events::{Partitions, PartitionsKept};
use uuid::Uuid;

use crate::support::{Backend, TestDatabase};

const DAY: Duration = Duration::from_hours(24);
const TABLES: [&str; 3] = ["outbox", "inbox", "audit"];

/// A database whose tables had their first partitions today, and noon of that day.
async fn database() -> (TestDatabase, Timestamp) {
    let db = Backend::Postgres.own_database().await;
    let noon = "SELECT CAST(CAST(extract(epoch FROM to_date(substr(relname, 8), 'YYYYMMDD')) + 43200 AS bigint) AS text) \
         FROM pg_class WHERE relname ~ '^outbox_2' AND relkind = 'r' ORDER BY relname LIMIT 1";
    let noon: i64 = db.texts(noon).await[0].parse().unwrap();
    (db, Timestamp::from_micros(noon * 1_000_000).unwrap())
}

/// Events are kept for a week, the audit trail for thirty days.
fn kept(now: Timestamp) -> PartitionsKept {
    PartitionsKept { now, events: DAY * 7, audit: Some(DAY * 30) }
}

async fn create(store: &SqlxStore, now: Timestamp) {
    store.create_partitions(&kept(now)).await.unwrap();
}

/// Takes every step. Returns the number of removed partitions.
async fn remove(store: &SqlxStore, now: Timestamp) -> u64 {
    let (mut removed, mut position) = (0, None);
    loop {
        let step = store.remove_partitions(&kept(now), position.as_deref()).await.unwrap();
        (removed, position) = (removed + step.partitions, step.next);
        if position.is_none() {
            return removed;
        }
    }
}

/// The names of the partitions, in the order of their ids. Panics if an id has no partition.
async fn names(db: &TestDatabase, table: &str) -> Vec<String> {
    let all = format!(
        "SELECT substring(range from 'FROM \\(''?([^'')]+)') || ' ' || substring(range from 'TO \\(''?([^'')]+)') || ' ' || name \
         FROM (SELECT CAST(relname AS text) AS name, pg_get_expr(relpartbound, pg_class.oid) AS range FROM pg_class \
         JOIN pg_inherits ON inhrelid = pg_class.oid WHERE inhparent = '{table}'::regclass) AS parts"
    );
    let mut rows = db.texts(&all).await;
    rows.sort_by_key(|row| if row.starts_with("MINVALUE") { String::new() } else { row.clone() });
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.split(' ').collect()).collect();
    assert_eq!((rows[0][0], rows[rows.len() - 1][1]), ("MINVALUE", "MAXVALUE"), "{rows:?}");
    assert!(rows.windows(2).all(|pair| pair[0][1] == pair[1][0]), "{rows:?}");
    rows.iter().map(|row| row[2].to_owned()).collect()
}

/// The name of the partition of a table that begins with this day.
fn of_day(table: &str, day: Timestamp) -> String {
    format!("{table}_{}", day.to_string()[..10].replace('-', ""))
}

/// An id of this time.
fn id_at(time: Timestamp) -> Uuid {
    let random = Uuid::new_v4().as_u128() & ((1 << 80) - 1);
    Uuid::from_u128((u128::try_from(time.as_micros() / 1000).unwrap() << 80) | random)
}

/// Stores an event of this time that was relayed then, with an entry in this state unless it is empty.
async fn event(db: &TestDatabase, time: Timestamp, relayed_at: Option<Timestamp>, state: &str) -> Uuid {
    let id = id_at(time);
    let relayed = relayed_at.map_or_else(|| "NULL".to_owned(), |at| format!("'{at}'"));
    let stored = format!(
        "INSERT INTO outbox (id, type, subject, actor, data, occurred_at, relayed_at) \
         VALUES ('{id}', 'svc.user.locked.v1', '{id}', 'operator', '{{}}', '{time}', {relayed})"
    );
    db.execute(&stored).await.unwrap();
    if !state.is_empty() {
        let done = if state == "done" { format!("'{time}'") } else { "NULL".to_owned() };
        let entry = format!(
            "INSERT INTO inbox (event_id, handler, seq, subject, state, available_at, done_at) \
             SELECT id, 'audit', seq, subject, '{state}', '{time}', {done} FROM outbox WHERE id = '{id}'"
        );
        db.execute(&entry).await.unwrap();
    }
    id
}

/// The ids in a table, in order.
async fn ids(db: &TestDatabase, table: &str, key: &str) -> Vec<Uuid> {
    let ids = db.texts(&format!("SELECT CAST({key} AS text) FROM {table}")).await;
    let mut ids: Vec<Uuid> = ids.iter().map(|id| id.parse().unwrap()).collect();
    ids.sort_unstable();
    ids
}
