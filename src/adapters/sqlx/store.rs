use std::sync::Arc;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::events::signals::Signals;
use super::postgres::Sessions;
use super::run::Pool;
use super::unit_of_work::Work;
use crate::ports::store::StoreError;

/// The last result of a check that the database takes writes. Callers that arrive during a check wait for it.
#[derive(Default)]
pub(super) struct Writable(pub(super) Mutex<Option<(Instant, Result<(), StoreError>)>>);

/// The store. Cheap to clone: clones share their connections.
#[derive(Clone)]
pub struct SqlxStore {
    /// Connections for statements that only read.
    pub(super) readers: Pool,
    /// Connections for everything else. On PostgreSQL this is a part of the same pool. SQLite allows
    /// one writer at a time, so there it is one connection that writers queue for.
    pub(super) writer: Pool,
    /// One connection of its own for the change feed. Otherwise requests that wait for a connection would
    /// make the cache stop trusting its copies, which would send even more requests to the database.
    pub(super) change_feed: Pool,
    /// Connections for the relay and the handlers, separate from those of requests for the same reason. On
    /// SQLite `worker` only reads, and `worker_writer` is the one writer.
    pub(super) worker: Pool,
    pub(super) worker_writer: Pool,
    /// Connections that change partitions: those of the worker, or one to `database.direct_url`, whose role
    /// may own the tables.
    pub(super) schema: Pool,
    /// Sessions of PostgreSQL of its own, for migrations and for notifications from other processes.
    pub(super) direct: Option<Arc<Sessions>>,
    pub(super) signals: Arc<Signals>,
    /// The result of the last check that the database takes writes.
    pub(super) writable: Arc<Writable>,
}

impl SqlxStore {
    /// Waits until a connection attempt fails. Returns at once if the last attempt failed.
    pub async fn unconnected(&self) -> StoreError {
        match &self.writer {
            Pool::Postgres(pool, _) => pool.sessions().unconnected().await,
            Pool::Sqlite(_) => std::future::pending().await,
        }
    }

    /// Waits until an error makes the database unusable until an operator fixes it.
    pub async fn unusable(&self) -> StoreError {
        match &self.writer {
            Pool::Postgres(pool, _) => pool.sessions().unusable().await,
            Pool::Sqlite(_) => std::future::pending().await,
        }
    }

    /// Waits for running statements, then closes every connection. Later calls fail.
    pub async fn close(&self) {
        // The pool that may write is closed last: the last connection to a SQLite database folds the
        // write-ahead log into it.
        self.change_feed.close().await;
        self.worker.close().await;
        self.readers.close().await;
        self.schema.close().await;
        self.writer.close().await;
    }

    pub(super) async fn begin_worker(&self) -> Result<Work, StoreError> {
        Work::begin(&self.worker_writer, &self.signals).await
    }
}
