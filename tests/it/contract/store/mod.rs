//! The store's ports, on SQLite and on PostgreSQL.

mod accounts;
mod bans;
mod broken;
mod connections;
mod dead_letters;
mod delivery;
mod hash_census;
mod history;
mod invitations;
mod long_statements;
mod mail_requests;
mod mail_tokens;
mod migrations;
mod outbox;
mod pages;
mod rotations;
mod scale;
mod schema;
mod session_limit;
mod session_pages;
mod sessions;
mod signed_sessions;
mod signing_keys;
mod sqlite_file;
mod undelivered;
mod unit_of_work;
