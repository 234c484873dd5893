//! What is of PostgreSQL alone.
//!
//! **Here**: how it is opened (`open`), how a connection becomes a session that may be used (`sessions`, `limits`),
//! whether a pooler shares sessions between connections (`shared_sessions`), why there is no connection
//! (`failure`), which of several servers is used (`hosts`), how connections are kept at hand (`pool`, `lease`, `rested`), and how a statement runs on one
//! (`connection`).

mod connection;
mod failure;
mod hosts;
mod lease;
mod limits;
mod open;
mod pool;
mod rested;
mod sessions;
mod shared_sessions;

pub(super) use lease::Lease;
pub(super) use pool::Leases;
pub(super) use sessions::Sessions;
