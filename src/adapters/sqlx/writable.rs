//! Checks that the database takes writes.

use std::time::Duration;

use async_trait::async_trait;
use futures_util::TryFutureExt;
use tokio::time::Instant;

use super::run::{Pool, Tx, in_work};
use super::statement::Statement;
use super::store::SqlxStore;
use super::unit_of_work::Work;
use crate::ports::store::{StoreError, StoreProbe};

/// How long a result is reused, for all callers.
const GOOD_FOR: Duration = Duration::from_secs(1);

/// A row lock is a write that leaves nothing behind: PostgreSQL refuses it where it refuses writes, or when
/// the right to write is missing. `FOR KEY SHARE` is the weakest row lock; changes of the ban list change no
/// key and do not wait for it. SQLite has no row locks, so there the check is an update that matches no row.
const LOCK: Statement = Statement {
    postgres: "SELECT version FROM ban_list FOR KEY SHARE SKIP LOCKED",
    sqlite: "UPDATE ban_list SET version = version WHERE 0",
};

/// A change of SQLite that is written although nothing is another value: no table has a row for certain.
const WRITE: &str = "PRAGMA user_version = 0";

/// Free space on the disk of an embedded database, in bytes, below which only a write shows whether one
/// succeeds: SQLite may find room in its files, or not. A change takes some pages of 4 KiB.
const LITTLE: u64 = 1024 * 1024;

#[async_trait]
impl StoreProbe for SqlxStore {
    async fn check_writable(&self) -> Result<(), StoreError> {
        let mut last = self.writable.0.lock().await;
        if let Some((when, answer)) = &*last
            && when.elapsed() < GOOD_FOR
        {
            return answer.clone();
        }
        let answer = self.lock_a_row().await;
        *last = Some((Instant::now(), answer.clone()));
        answer
    }
}

impl SqlxStore {
    /// Runs in a unit of work that is dropped, so it waits neither for the disk nor for a standby. Only on a
    /// disk that is nearly full it is committed.
    async fn lock_a_row(&self) -> Result<(), StoreError> {
        // Those for changes may all wait for a standby. The readers of SQLite cannot write.
        let pool = if matches!(self.readers, Pool::Sqlite(_)) { &self.writer } else { &self.readers };
        let mut work = Work::begin(pool, &self.signals).await?;
        let statement = LOCK.on(&work.tx);
        in_work!(work, |db| sqlx::query(statement).execute(db).map_ok(drop))?;
        if self.has_little_room() {
            in_work!(work, |db| sqlx::query(WRITE).execute(db).map_ok(drop))?;
            work.commit().await?;
        }
        Ok(())
    }

    fn has_little_room(&self) -> bool {
        let Pool::Sqlite(pool) = &self.writer else { return false };
        let space = rustix::fs::statvfs(pool.connect_options().get_filename());
        space.is_ok_and(|space| space.f_bavail.saturating_mul(space.f_frsize) < LITTLE)
    }
}
