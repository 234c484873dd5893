use std::sync::Arc;

use super::events::signals::Signals;
use super::run::{Pool, Tx};
use super::{span, sqlite};
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
        let span = span::step(pool.system(), "unit_of_work.begin");
        let begun = match pool {
            Pool::Postgres(leases, patience) => {
                let lease = patience.wait(leases.begin()).await;
                lease.map(|lease| Tx::Postgres(lease, *patience))
            }
            // A transaction that begins as a reader and then writes fails at once if another one wrote in
            // between. One that begins as a writer waits instead.
            Pool::Sqlite(pool) => {
                let begun = pool.begin_with("BEGIN IMMEDIATE").await;
                begun.map(Tx::Sqlite).map_err(|error| sqlite::failure(error, pool))
            }
        };
        let tx = span::end(span, begun)?;
        Ok(Self { tx, failed: false, has_events: false, signals: signals.clone() })
    }

    pub(super) async fn commit(self) -> Result<(), StoreError> {
        if self.failed {
            return Err(StoreError::Unavailable("a statement failed, so nothing was committed".to_owned()));
        }
        let span = span::step(self.tx.system(), "unit_of_work.commit");
        let result = match self.tx {
            Tx::Postgres(lease, patience) => patience.wait(lease.commit()).await,
            Tx::Sqlite(tx) => tx.commit().await.map_err(StoreError::from),
        };
        let result = span::end(span, result);
        // After an error too, because it may have been committed.
        if self.has_events {
            self.signals.wake(Queue::Outbox);
        }
        result
    }
}
