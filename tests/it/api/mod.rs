//! The HTTP API as a client sees it, on both databases.
//!
//! **Here**: one file per endpoint, in folders and with names as in `src/api`; the middleware around every
//! request (`middleware`).
//!
//! **To add one**: a file with `both_backends!` tests that send requests to an [`App`](crate::support::App).

mod account;
mod auth;
mod bans;
mod bearer;
mod cookies;
mod document;
mod event_times;
mod invitations;
mod limits;
mod me;
mod middleware;
mod pre_hijacking;
mod system;
mod users;
mod wrong_input;
