//! The user and authentication service behind the `svc` binary.
//!
//! Data flows one way, and a module uses only what stands to its right:
//!
//! ```text
//!   cli ────┐                               ┌─ adapters (sqlx, redis, jwt, …)
//!   api ────┼─► usecases ─► domain          │
//!   worker ─┤       └─────► ports (traits) ◄┘
//!   config ─► container: the only place that knows every adapter
//! ```
//!
//! `tests/architecture.rs` fails when a line breaks that rule.

pub mod adapters;
pub mod api;
pub mod cli;
pub mod config;
pub mod container;
pub mod domain;
pub mod ports;
pub mod tasks;
pub mod telemetry;
pub mod usecases;
pub mod worker;

/// Requests make many small values on whichever core is free: this one spends half as long on that as the C library's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
