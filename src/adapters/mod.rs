//! The ports on real technology.
//!
//! **Here**: one module a technology, named after it.
//!
//! **May use**: `domain`, `ports` and one library each; never the settings: the container hands each what it
//! needs.
//!
//! **To add one**: a module here that implements a port, a line in the container that builds it, and the port's
//! contract test run on it.

pub mod amqp;
pub mod argon2;
pub mod ban_list;
pub mod cloud_events;
mod event_json;
pub mod hmac;
pub mod jwt;
pub mod lettre;
pub mod minijinja;
pub mod prometheus;
pub mod rate_limits;
pub mod redis;
pub mod secret_key;
pub mod security_log;
pub mod sqlx;
pub mod system;
pub mod tiers;
