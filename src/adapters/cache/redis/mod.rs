//! The shared cache: copies that all replicas share, in Redis.
//!
//! **Here**: [`RedisClient`]. A value (`record`) is stored under its id in a frame that shows whether it can
//! be trusted (`frame`); one script writes, and never replaces a newer value by an older one (`put`); a
//! channel announces changes (`message`); which server is used (`servers`) and why it is not used (`error`);
//! rate limits that replicas share (`draw`). Everything goes through one connection that is not used for a
//! while after it was late (`link`).
//!
//! **May use**: `ports`, `domain`, `SecretKeys` and deadpool-redis, including the `redis` that it exports.
//!
//! **To cache another kind**: its `Record`, with a number in the name of its kind that changes with its
//! shape.

mod client;
mod draw;
mod error;
mod frame;
mod inspect;
mod link;
mod message;
mod put;
mod record;
mod servers;

pub(in crate::adapters) use self::client::Lookup;
pub use self::client::RedisClient;
pub use self::draw::SharedDraw;
pub use self::link::listener::Listener;
pub(in crate::adapters) use self::record::Record;
