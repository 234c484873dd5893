//! Proving that the database takes changes.

use std::time::Duration;

use async_trait::async_trait;
use futures_util::TryFutureExt;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::SqlxStore;
use super::run::{Tx, in_work};
use super::statement::Statement;
use super::unit_of_work::Work;
use crate::ports::store::{StoreError, StoreProbe};

/// How long an answer is good, for all who ask.
const GOOD_FOR: Duration = Duration::from_secs(1);

/// A lock on a row is a change that leaves nothing: PostgreSQL refuses it where it refuses writes, and
/// without the right to write. Nobody waits for it, and it waits for nobody. SQLite has no such locks, and
/// takes a change of no row.
const LOCK: Statement = Statement {
    postgres: "SELECT version FROM ban_list FOR UPDATE SKIP LOCKED",
    sqlite: "UPDATE ban_list SET version = version WHERE 0",
};

/// The last answer. Those who ask while it is found out wait for it.
#[derive(Default)]
pub(super) struct Writable(Mutex<Option<(Instant, Result<(), StoreError>)>>);

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
    /// In a unit of work that is dropped: nothing waits for the disk or for a standby.
    async fn lock_a_row(&self) -> Result<(), StoreError> {
        let mut work = Work::begin(&self.writer, &self.signals).await?;
        let statement = LOCK.on(&work.tx);
        in_work!(work, |db| sqlx::query(statement).execute(db).map_ok(drop))
    }
}
