//! Event handling: no event is lost and none is handled twice, whichever process dies.
//!
//! **Here**: events in RabbitMQ (`amqp`), the queues alone (`queues`), handlers that fail (`failing`), an
//! event that kills its process (`poison`), mails (`mail`) and requests for them (`mail_requests`), requests
//! to register (`registrations`), the census of password hashes (`hash_census`), delivery and replay
//! (`delivery`), the order of a user's events (`order`), cleaning up (`cleaning`), the binary killed during
//! work (`crash`), one process killed after the other while others continue (`kills`), frozen processes
//! (`frozen`), and speed (`speed`).
//!
//! Longer forms: `SVC_TEST_WORKER_ROUNDS=100 cargo test --test it worker::crash` kills a hundred times on
//! each database and waits for real leases; `SVC_TEST_WORKER_LONG=1 cargo test --test it worker::frozen`
//! freezes processes for longer than a lease; `SVC_TEST_WORKER_SPEED=1 cargo test --release --test it
//! worker::speed -- --nocapture` measures.

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
mod partitions;
mod poison;
mod queues;
mod registrations;
mod speed;
mod traces;

use crate::support::process::until;
