use std::sync::Arc;

use async_trait::async_trait;

use super::events::wakeups::Signals;
use super::run::{Pool, Tx};
use crate::ports::events::{Audit, Inbox, Queue};
use crate::ports::store::{
    Bans, MailRequests, MailThrottle, MailTokenRecords, Outbox, Sessions, SigningKeys, StoreError,
    UnitOfWork, Users,
};

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
}

#[async_trait]
impl UnitOfWork for Work {
    fn users(&mut self) -> &mut dyn Users {
        self
    }

    fn sessions(&mut self) -> &mut dyn Sessions {
        self
    }

    fn signing_keys(&mut self) -> &mut dyn SigningKeys {
        self
    }

    fn mail_tokens(&mut self) -> &mut dyn MailTokenRecords {
        self
    }

    fn mail_requests(&mut self) -> &mut dyn MailRequests {
        self
    }

    fn mail_throttle(&mut self) -> &mut dyn MailThrottle {
        self
    }

    fn bans(&mut self) -> &mut dyn Bans {
        self
    }

    fn outbox(&mut self) -> &mut dyn Outbox {
        self
    }

    fn inbox(&mut self) -> &mut dyn Inbox {
        self
    }

    fn audit(&mut self) -> &mut dyn Audit {
        self
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        if self.failed {
            return Err(StoreError::Unavailable("a statement failed, so nothing was committed".to_owned()));
        }
        let result = match self.tx {
            Tx::Postgres(lease, patience) => patience.wait(lease.commit()).await,
            Tx::Sqlite(tx) => tx.commit().await.map_err(StoreError::from),
        };
        // After an error too, because it may have been committed.
        if self.has_events {
            self.signals.tell(Queue::Outbox);
        }
        result
    }
}
