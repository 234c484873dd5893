//! The user and authentication service behind the `svc` binary.
//!
//! Dependencies point down only: a module uses the modules to its right in this picture, and no others.
//!
//! ```text
//!   cli ────┐                               ┌─ adapters (sqlx, cache, …)
//!   api ────┼─► usecases ─► domain          │
//!   worker ─┤       └─────► ports (traits) ◄┘
//!   config ─► container: the only place that knows every adapter
//! ```
//!
//! `tests/architecture.rs` fails when a line breaks this rule.

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

/// Requests allocate many small values on all cores. mimalloc spends half the time of the C library's
/// allocator on them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
