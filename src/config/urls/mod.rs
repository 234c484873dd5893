//! The URLs of the database, the cache, the queue and the mail server.
//!
//! **Here**: one parser for the URLs of servers (`server`, `parameters`), which accepts several hosts, IPv6
//! addresses in brackets, and parameters from a closed list only; and per kind of URL the meaning of its
//! scheme, path and parameters. No library parses these URLs again: each library has its own grammar and
//! ignores what it does not know.
//!
//! **May use**: percent decoding and secrets. An error never contains a value, which may be a password.
//!
//! **To add a parameter**: its name in the `Rules` of its URL, and the code that reads its value. The
//! suggestion for a misspelt name follows.

mod cache;
mod database;
mod mail;
mod parameters;
mod queue;
mod server;

pub use cache::{CacheUrl, RedisUrl, SentinelUrl};
pub(super) use database::DatabaseTls;
pub use database::{DatabaseUrl, PostgresUrl, SessionTarget};
pub use mail::{MailUrl, SmtpTls, SmtpUrl};
pub use queue::{AmqpUrl, QueueUrl};
pub(super) use server::{Server, is_loopback};
