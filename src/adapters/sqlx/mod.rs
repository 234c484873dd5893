//! The store on SQLite (embedded) and PostgreSQL, from one set of SQL statements.
//!
//! **Here**: [`SqlxStore`], how it is opened, one file per table with its statements, and the differences
//! between the two databases: opening them (`sqlite`, `postgres`, which also keeps connections ready), naming
//! their errors (`error`), migrating them (`migrations`), locking rows (`lock`), statements that may take
//! long (`long_statement`), removing old rows (`oldest`), passing many ids (`ids`), counting connections
//! (`connections`) and checking that rows can be changed (`writable`). The statements are in `tables` and,
//! for the queue of events, in `events`. A statement is written once; `on_pool!` and `in_work!` run it on
//! either database.
//!
//! **May use**: `domain`, `ports`, `telemetry`, sqlx.
//!
//! **To add a table**: see `tables`.
//!
//! Both databases support `$1` placeholders, `RETURNING` and `ON CONFLICT`. Ids are `uuid` and `BLOB`; times
//! are converted by `SqlTimestamp`. The current time is always a parameter, so no SQL function for it is
//! needed.

mod connections;
mod error;
mod events;
mod ids;
mod inspect;
mod lock;
mod long_statement;
mod migrations;
mod oldest;
mod options;
mod postgres;
mod run;
mod sqlite;
mod statement;
mod tables;
mod timestamp;
mod unit_of_work;
mod writable;

use std::sync::Arc;

use events::wakeups::Signals;
pub use options::{PoolOptions, Pooler, PostgresServers, Target};
use postgres::Sessions;
use run::Pool;
use unit_of_work::Work;
use writable::Writable;

use crate::ports::store::StoreError;

/// The store. Cheap to clone: clones share their connections.
#[derive(Clone)]
pub struct SqlxStore {
    /// Connections for statements that only read.
    readers: Pool,
    /// Connections for everything else. On PostgreSQL this is a part of the same
    /// pool. SQLite allows one writer at a
    /// time, so there it is one connection that writers queue for.
    writer: Pool,
    /// One connection of its own for the change feed. Otherwise requests that wait for a connection would
    /// make the cache stop trusting its copies, which would send even more requests to the database.
    change_feed: Pool,
    /// Connections for the relay and the handlers, separate from those of requests for the same reason. On
    /// SQLite `worker` only reads, and `worker_writer` is the one writer.
    worker: Pool,
    worker_writer: Pool,
    /// Sessions of PostgreSQL of its own, for migrations and for notifications from other processes.
    direct: Option<Arc<Sessions>>,
    signals: Arc<Signals>,
    /// The result of the last check that the database takes writes.
    writable: Arc<Writable>,
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
        self.writer.close().await;
    }

    async fn begin_worker(&self) -> Result<Work, StoreError> {
        Work::begin(&self.worker_writer, &self.signals).await
    }
}
