//! The store on SQLite (embedded) and PostgreSQL, from one text of SQL.
//!
//! **Here**: [`SqlxStore`], how it is opened, one file a table with its statements, and what differs between
//! the two databases: opening them (`sqlite`, `postgres`, which keeps connections at hand too), naming their errors (`error`),
//! migrating them (`migrations`, `postgres_migrations`, `migration_indexes`), locking rows (`lock`), claiming work (`claim`, `due`), statements
//! that may take long (`long_statement`), naming many ids (`ids`), starting a session (`start`), hearing of work elsewhere
//! (`wakeups`) and proving that rows can be changed (`writable`). A statement is written once; `on_pool!` and `in_work!` run
//! it on whichever database is there.
//!
//! **May use**: `domain`, `ports`, `telemetry`, sqlx.
//!
//! **To add a table**: a numbered migration in `migrations/postgres` and in `migrations/sqlite` with the same
//! columns, a file here with its row and its statements, and a contract test, which runs on both.
//!
//! Both take `$1` placeholders, `RETURNING` and `ON CONFLICT`. Ids are `uuid` and `BLOB`; moments go through
//! `SqlTimestamp`; the time is always a parameter, so no function of SQL is needed for it.

mod error;
mod events;
mod ids;
mod lock;
mod long_statement;
mod migrations;
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

use async_trait::async_trait;

use events::wakeups::Signals;
pub use options::{PoolOptions, Pooler, PostgresServers, Target};
use postgres::Sessions;
use run::Pool;
use unit_of_work::Work;
use writable::Writable;

use crate::ports::store::{
    BanReader, MailRequestQueue, MailTokenReader, OutboxReader, SessionStore, SigningKeyReader, Store,
    StoreError, UnitOfWork, UserReader,
};

/// The store. Cheap to clone: the clones share their connections.
#[derive(Clone)]
pub struct SqlxStore {
    /// For statements that only read.
    readers: Pool,
    /// For everything else. On PostgreSQL it is the same pool; on SQLite, which has one writer at a time, it
    /// is one connection that writers queue for.
    writer: Pool,
    /// For whoever follows the outbox: one connection of its own, so that requests that wait for theirs do not have the
    /// cache given up, which would send yet more of them here.
    follower: Pool,
    /// For whoever hands events on and handles them, apart from requests for the same reason. To read, and on SQLite, where
    /// the writer is the one of all, to write.
    worker: Pool,
    worker_writer: Pool,
    /// For what needs a session of PostgreSQL of its own: migrations, and hearing of work elsewhere.
    direct: Option<Arc<Sessions>>,
    signals: Arc<Signals>,
    /// What was last found out about writing.
    writable: Arc<Writable>,
}

impl SqlxStore {
    /// Waits until a connection cannot be made; at once where the last one could not.
    pub async fn unconnected(&self) -> StoreError {
        match &self.writer {
            Pool::Postgres(pool, _) => pool.sessions().unconnected().await,
            Pool::Sqlite(_) => std::future::pending().await,
        }
    }

    /// Waits until something is found that makes the database unusable until an operator changes it.
    pub async fn unusable(&self) -> StoreError {
        match &self.writer {
            Pool::Postgres(pool, _) => pool.sessions().unusable().await,
            Pool::Sqlite(_) => std::future::pending().await,
        }
    }

    /// Waits for what is running, then closes every connection. Later calls are refused.
    pub async fn close(&self) {
        // Last the one that may write: whoever closes a SQLite database last folds its log into it.
        self.follower.close().await;
        self.worker.close().await;
        self.readers.close().await;
        self.writer.close().await;
    }

    async fn begin_worker(&self) -> Result<Work, StoreError> {
        Work::begin(&self.worker_writer, &self.signals).await
    }
}

#[async_trait]
impl Store for SqlxStore {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        Ok(Box::new(Work::begin(&self.writer, &self.signals).await?))
    }

    fn users(&self) -> &dyn UserReader {
        self
    }

    fn sessions(&self) -> &dyn SessionStore {
        self
    }

    fn signing_keys(&self) -> &dyn SigningKeyReader {
        self
    }

    fn mail_tokens(&self) -> &dyn MailTokenReader {
        self
    }

    fn mail_requests(&self) -> &dyn MailRequestQueue {
        self
    }

    fn outbox(&self) -> &dyn OutboxReader {
        self
    }

    fn bans(&self) -> &dyn BanReader {
        self
    }
}
