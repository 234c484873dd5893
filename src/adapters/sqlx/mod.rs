//! The store on SQLite (embedded) and PostgreSQL, from one set of SQL statements.
//!
//! **Here**: [`SqlxStore`], how it is opened, one file per table with its statements, and the differences
//! between the two databases: opening them (`sqlite`, `postgres`, which also keeps connections ready), naming
//! their errors (`error`), migrating them (`migrations`), the partitions of PostgreSQL (`partitions`),
//! locking rows (`lock`), statements that may take long (`long_statement`), removing old rows (`oldest`),
//! passing many ids (`ids`), the cause of a row (`cause`), reading the server's clock (`clock`), counting
//! connections (`connections`) and checking that rows can be changed (`writable`). The statements are in
//! `tables` and, for the queue of events, in `events`. A statement is written once; `on_pool!` and `in_work!`
//! run it on either database.
//!
//! **May use**: `domain`, `ports`, `telemetry`, sqlx.
//!
//! **To add a table**: see `tables`.
//!
//! Both databases support `$1` placeholders, `RETURNING` and `ON CONFLICT`. Ids are `uuid` and `BLOB`; times
//! are converted by `SqlTimestamp`. The current time is always a parameter, so no SQL function for it is
//! needed.

mod cause;
mod clock;
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
mod partitions;
mod postgres;
mod request_queue;
mod run;
mod span;
mod sqlite;
mod statement;
mod store;
mod tables;
mod timestamp;
mod unit_of_work;
mod writable;

pub use options::{PoolOptions, PostgresServers};
pub use store::SqlxStore;
