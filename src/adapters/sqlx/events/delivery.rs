//! Delivers events into the inbox by their ids, as the messages of a broker contain them.

use std::collections::BTreeMap;

use const_format::concatcp;
use futures_util::TryFutureExt;
use uuid::Uuid;

use super::wakeups::notify;
use crate::adapters::sqlx::ids::{list, of_ids};
use crate::adapters::sqlx::run::{Pool, Tx, in_work, on_pool};
use crate::adapters::sqlx::statement::Statement;
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::domain::Timestamp;
use crate::ports::events::{Delivery, Queue};
use crate::ports::store::{StoreError, UnitOfWork};

const TYPES: Statement = of_ids!("SELECT id, type FROM outbox WHERE ", "id", "");
const INSERT: &str = "INSERT INTO inbox (event_id, handler, seq, subject, state, available_at) \
     SELECT id, $2, seq, subject, 'pending', $3 FROM outbox WHERE type = $4 AND ";
const UNLESS_DELIVERED: &str = " ON CONFLICT (event_id, handler) DO NOTHING";
/// A fixed order prevents a deadlock of two transactions that deliver the same events. The row lock keeps the
/// clean-up from removing an event that gets an entry at the same moment.
const DELIVER: Statement = Statement {
    postgres: of_ids!(INSERT, "id", concatcp!(" ORDER BY seq FOR KEY SHARE", UNLESS_DELIVERED)).postgres,
    sqlite: of_ids!(INSERT, "id", concatcp!(" ORDER BY seq", UNLESS_DELIVERED)).sqlite,
};

impl SqlxStore {
    pub(in crate::adapters::sqlx) async fn find_types(
        &self,
        events: &[Uuid],
    ) -> Result<BTreeMap<Uuid, String>, StoreError> {
        let statement = TYPES.on_pool(&self.worker);
        let rows: Vec<(Uuid, String)> =
            on_pool!(&self.worker, |db| sqlx::query_as(statement).bind(list(events)).fetch_all(db))?;
        Ok(rows.into_iter().collect())
    }

    pub(in crate::adapters::sqlx) async fn deliver_events(
        &self,
        events: &[Uuid],
        deliveries: &[Delivery],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if events.is_empty() || deliveries.is_empty() {
            return Ok(());
        }
        let mut work = self.begin_worker().await?;
        let statement = DELIVER.on(&work.tx);
        for Delivery { type_name, handler } in deliveries {
            in_work!(work, |db| {
                sqlx::query(statement)
                    .bind(list(events))
                    .bind(*handler)
                    .bind(SqlTimestamp(now))
                    .bind(type_name)
                    .execute(db)
                    .map_ok(drop)
            })?;
        }
        notify(&mut work).await?;
        Box::new(work).commit().await?;
        self.signals.wake(Queue::Inbox);
        Ok(())
    }
}
