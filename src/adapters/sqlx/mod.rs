//! The store on SQLite (embedded) and PostgreSQL, from one text of SQL.
//!
//! **Here**: [`SqlxStore`], how it is opened, one file a table with its statements, and what differs between
//! the two databases: opening them (`open`), naming their errors (`error`), migrating them (`migrations`) and
//! locking rows (`lock`). A statement is written once; `on_pool!` and `in_work!` run it on whichever database
//! is there.
//!
//! **May use**: `domain`, `ports`, sqlx.
//!
//! **To add a table**: a numbered migration in `migrations/postgres` and in `migrations/sqlite` with the same
//! columns, a file here with its row and its statements, and a contract test, which runs on both.
//!
//! Both take `$1` placeholders, `RETURNING` and `ON CONFLICT`. Ids are `uuid` and `BLOB`; moments go through
//! `Moment`; the time is always a parameter, so no function of SQL is needed for it.

mod error;
mod lock;
mod migrations;
mod moment;
mod open;
mod outbox;
mod run;
mod sessions;
mod signing_keys;
mod unit_of_work;
mod users;

use async_trait::async_trait;

pub use open::PoolOptions;
use run::Pool;

use crate::ports::store::{SessionReader, SigningKeyReader, Store, StoreError, UnitOfWork, UserReader};

/// The store. Cheap to clone: the clones share their connections.
#[derive(Clone)]
pub struct SqlxStore {
    /// For statements that only read.
    readers: Pool,
    /// For everything else. On PostgreSQL it is the same pool; on SQLite, which has one writer at a time, it
    /// is one connection that writers queue for.
    writer: Pool,
}

impl SqlxStore {
    /// Waits for what is running, then closes every connection. Later calls are refused.
    pub async fn close(&self) {
        // Last the one that may write: whoever closes a SQLite database last folds its log into it.
        self.readers.close().await;
        self.writer.close().await;
    }
}

#[async_trait]
impl Store for SqlxStore {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        Ok(Box::new(unit_of_work::Work::begin(&self.writer).await?))
    }

    fn users(&self) -> &dyn UserReader {
        self
    }

    fn sessions(&self) -> &dyn SessionReader {
        self
    }

    fn signing_keys(&self) -> &dyn SigningKeyReader {
        self
    }
}
