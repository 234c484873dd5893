//! Groups of servers with failover: one ends or stops answering, and another one is used.
//!
//! **Here**: PostgreSQL with a standby that is promoted (`postgres`), Redis with Sentinel (`sentinel`) and
//! the nodes of a RabbitMQ cluster (`rabbit`, with `mute`). Each is a failover of real servers, or of proxies
//! to one server.
//!
//! **To add one**: a file named after the server. It waits for a change that a client sees, and prints how
//! long that took.

mod mute;
mod postgres;
mod rabbit;
mod sentinel;
