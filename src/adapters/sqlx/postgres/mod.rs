//! What is of PostgreSQL alone.
//!
//! **Here**: how it is opened (`open`), how a connection becomes a session that may be used (`sessions`),
//! what a session ends by itself (`limits`), which of several servers is used (`hosts`), whether a pooler
//! shares sessions between connections (`shared_sessions`), why there is no connection (`failure`), why a
//! database is never used (`refusals`), how connections are kept at hand (`pool`, `lease`, `rested`), and how
//! a statement runs on one (`connection`), and what ends one at the server that was given up (`cancel`).

mod cancel;
mod connection;
mod failure;
mod hosts;
mod lease;
mod limits;
mod open;
mod pool;
mod refusals;
mod rested;
mod sessions;
mod shared_sessions;

pub(super) use lease::PooledConnection;
pub(super) use pool::ConnectionPool;
pub(super) use sessions::Sessions;
