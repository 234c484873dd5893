//! The URLs of what the service stands on: the database, the cache, the queue and the mail server.
//!
//! **Here**: one parser for every URL of a server (`server`, `parameters`), which takes several hosts, IPv6 addresses in
//! brackets, and parameters from a closed list alone; and per URL what its scheme, its path and its parameters
//! mean. No library reads a URL again: each has a grammar of its own, and passes over what it does not know.
//!
//! **May use**: percent codes and secrets. The reason of a refusal never holds a value, since it may be a
//! password.
//!
//! **To add a parameter**: its name in the `Rules` of its URL, and where its value is read. The did-you-mean
//! follows.

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
