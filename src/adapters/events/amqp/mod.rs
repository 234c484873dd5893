//! Events over RabbitMQ, AMQP 0-9-1 (3.10 or later).
//!
//! **Here**: [`Amqp`]; the exchanges and queues with their names (`topology`), one connection (`wire`), the
//! check that the broker answers on it (`pulse`), publishing (`publisher`), consuming (`consumer`,
//! `message`), what an operator does about dead letters (`dead_letters`), and what
//! `svc doctor` measures (`inspect`).
//!
//! **May use**: `ports`, `domain`, `cloud_events` and lapin.
//!
//! Publishing and consuming have separate connections: a broker that is short of memory reads nothing from a
//! connection that publishes, not even acknowledgements. After an error, a close or a missing answer, the
//! whole connection is replaced. lapin's own recovery stays off. Every wait has a limit here, because lapin's
//! waits have none.

mod broker;
mod consumer;
mod dead_letters;
mod error;
mod inspect;
mod message;
mod place;
mod publisher;
mod pulse;
pub(super) mod topology;
mod wire;

pub use broker::Amqp;
