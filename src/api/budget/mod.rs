//! The memory that clients can make the service use, and its distribution among them.
//!
//! **Here**: the limits that follow from one number ([`Budget`]); the amounts in use, by the process and by
//! each client address (`ledger.rs`); connections (`connection.rs`) and requests (`flight.rs`); the addresses
//! that may not use HTTP/2 for a while (`calm.rs`).
//!
//! **May use**: `domain`, `telemetry`, ipnet.
//!
//! **To add one**: a limit is a field of [`Budget`] with its cost in [`Budget::most`], and its row in the
//! table of `docs/reference.md`.

mod calm;
mod connection;
mod flight;
mod ledger;
mod limits;

pub use connection::Connection;
pub use flight::{Flight, Refused};
pub use ledger::Ledger;
pub use limits::*;
