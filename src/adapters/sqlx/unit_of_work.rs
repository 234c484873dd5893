use std::sync::Arc;

use super::events::signals::Signals;
use super::run::{Pool, Tx};
use crate::ports::events::Queue;
use crate::ports::store::StoreError;

/// A unit of work: one transaction. The file of each table implements the statements of that table on it.
pub(super) struct Work {
    pub(super) tx: Tx,
    /// Whether a statement failed. PostgreSQL answers the commit of such a transaction with success and rolls
    /// it back; SQLite would commit the rest of it.
    pub(super) failed: bool,
    /// Whether it has appended events, so that the relay is woken after the commit.
    pub(super) has_events: bool,
    signals: Arc<Signals>,
}

impl Work {
    pub(super) async fn begin(pool: &Pool, signals: &Arc<Signals>) -> Result<Self, StoreError> {
        let tx = match pool {
            Pool::Postgres(leases, patience) => Tx::Postgres(patience.wait(leases.begin()).await?, *patience),
            // A transaction that begins as a reader and then writes fails at once if another one wrote in
            // between. One that begins as a writer waits instead.
            Pool::Sqlite(pool) => Tx::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
        };
        Ok(Self { tx, failed: false, has_events: false, signals: signals.clone() })
    }

    pub(super) async fn commit(self) -> Result<(), StoreError> {
        if self.failed {
            return Err(StoreError::Unavailable("a statement failed, so nothing was committed".to_owned()));
        }
        let result = match self.tx {
            Tx::Postgres(lease, patience) => patience.wait(lease.commit()).await,
            Tx::Sqlite(tx) => tx.commit().await.map_err(StoreError::from),
        };
        // After an error too, because it may have been committed.
        if self.has_events {
            self.signals.wake(Queue::Outbox);
        }
        result
    }
}
