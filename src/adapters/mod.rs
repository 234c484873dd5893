//! Implementations of the ports.
//!
//! **Here**: one module per port, named after what it is for.
//!
//! **May use**: `domain`, `ports` and what its row in `docs/architecture.md` lists; never the settings: the
//! container gives each adapter the values that it needs.
//!
//! **To add one**: a module here that implements a port, a line in the container that builds it, and a run of
//! the port's contract test on it.

pub mod ban_list;
pub mod cache;
pub mod events;
pub mod host;
pub mod mail;
pub mod metrics;
pub mod pages;
pub mod passwords;
pub mod rate_limiter;
pub mod security_log;
pub mod site;
pub mod sqlx;
pub mod system;
pub mod templates;
mod tls;
pub mod tokens;
pub mod traces;
