//! What a client meets while something that the service stands on fails, and afterwards.
//!
//! **Here**: every call of the store that can fail (`store`), connections to PostgreSQL that break at every
//! moment of a request (`connections`), PostgreSQL out of reach (`outage`), read-only (`read_only`), behind a
//! pooler (`pooler`) or set up for other uses (`database`), several servers that stand for each other
//! (`several`), replicas that are restarted behind a proxy (`proxies`), and the cache and the broker, whose
//! faults must
//! not be seen at all (`cache`, `amqp`).
//!
//! **To add one**: a file named after what fails. It fails at a chosen call, never at a chosen time.

mod amqp;
mod cache;
mod connections;
mod database;
mod outage;
mod pooler;
mod proxies;
mod read_only;
mod several;
mod store;
