//! The tables: one file for each, with its row and its statements.
//!
//! **To add one**: a numbered migration in `migrations/postgres` and in `migrations/sqlite` with the same columns,
//! a file here, and a contract test, which runs on both databases.

pub(super) mod audit;
pub(super) mod bans;
pub(super) mod hash_census;
pub(super) mod inbox;
pub(super) mod jobs;
pub(super) mod mail_requests;
pub(super) mod mail_tokens;
pub(super) mod outbox;
pub(super) mod sessions;
pub(super) mod signing_keys;
pub(super) mod users;
