//! What becomes of events: none is lost, none is handled twice, whatever dies.
//!
//! **Here**: events by way of RabbitMQ (`amqp`), the queues by themselves (`queues`), handlers that fail (`failing`), an event
//! that kills its process (`poison`), mails (`mail`) and requests for them (`mail_requests`), the count of
//! password hashes (`hash_census`), what is delivered and replayed (`delivery`), the order of a user's events
//! (`order`), cleaning up (`cleaning`), the binary killed in the middle of work (`crash`) and one process
//! after the other while others go on (`kills`), frozen (`frozen`), and how long it all takes (`speed`).
//!
//! Longer forms: `SVC_TEST_WORKER_ROUNDS=100 cargo test --test it worker::crash` kills a hundred times on each database and
//! waits for real leases; `SVC_TEST_WORKER_LONG=1 cargo test --test it worker::frozen` freezes processes for longer than a
//! lease; `SVC_TEST_WORKER_SPEED=1 cargo test --release --test it worker::speed -- --nocapture` measures.

mod amqp;
mod backlog;
mod cleaning;
mod crash;
mod delivery;
mod failing;
mod frozen;
mod hash_census;
mod kills;
mod mail;
mod mail_requests;
mod metrics;
mod order;
mod poison;
mod queues;
mod speed;
mod traces;

use crate::support::process::until;
