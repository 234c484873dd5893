//! The HTTP API as a client sees it, on both databases.
//!
//! **Here**: one file an endpoint, in the folders of `src/api`, named alike; what surrounds every request (`edge`).
//!
//! **To add one**: a file with `both_backends!` tests that talk to an [`App`](crate::support::App).

mod account;
mod auth;
mod bans;
mod bearer;
mod document;
mod limits;
mod me;
mod middleware;
mod pre_hijacking;
mod system;
mod users;
mod wrong_input;
