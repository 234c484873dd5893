//! The behaviour towards clients while a server that the service depends on fails, and afterwards.
//!
//! **Here**: every call of the store that can fail (`store`), connections to PostgreSQL that break at every
//! step of a request (`connections`), PostgreSQL unreachable (`outage`), read-only (`read_only`), behind a
//! pooler (`pooler`), without its synchronous standby (`standby`) or set up for other uses (`database`),
//! groups of servers with failover (`several`), replicas that are restarted behind a proxy (`proxies`), and
//! the cache and the broker, whose faults must not affect any request (`cache`, `amqp`).
//!
//! **To add one**: a file named after the failing part. It fails at a chosen call, never at a chosen time.

mod amqp;
mod cache;
mod connections;
mod database;
mod outage;
mod pooler;
mod proxies;
mod read_only;
mod several;
mod standby;
mod store;
