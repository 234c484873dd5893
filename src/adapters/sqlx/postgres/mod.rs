//! The parts of the store that only PostgreSQL has.
//!
//! **Here**: opening the store (`open`), making and verifying connections (`sessions`), the time limits of a
//! session (`limits`), the choice between several servers (`hosts`), the check whether a pooler shares
//! sessions between connections (`shared_sessions`), the reasons for a missing connection (`failure`) and for
//! an unusable database (`rejections`), the pool (`pool`, `lease`, `rested`), running a statement on a
//! connection (`connection`), and cancelling the work of a connection that was given up (`cancel`).

mod cancel;
mod connection;
mod failure;
mod hosts;
mod lease;
mod limits;
mod open;
mod pool;
mod rejections;
mod rested;
mod sessions;
mod shared_sessions;

pub(super) use lease::PooledConnection;
pub(super) use pool::ConnectionPool;
pub(super) use sessions::Sessions;
