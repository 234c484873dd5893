//! Caches the values that every request reads: in this process, and in Redis if configured.
//!
//! **Here**: [`TieredCache`], the cache; `local_cache`, the local cache; `weight`, what a copy takes of it;
//! `reloading`, which reloads copies in
//! use before they expire; [`InvalidatingStore`], the store that invalidates copies after every change,
//! before the change is acknowledged; `change_feed`, which reads from the outbox the changes of other
//! processes, and those of this process that it could not announce.
//!
//! **May use**: `ports`, `domain`, `telemetry`, moka, the `RedisClient`, and
//! [`Tasks`](crate::tasks::Tasks) for work that must not stop when a client disconnects.
//!
//! **To cache another kind**: a method of the port, its `Cached` here and its `Record` in Redis, and a
//! variant of `Invalidation` that the events of its changes return.
//!
//! Why an acknowledged change is never hidden by a copy: the change is sent to Redis first, then the local
//! copy is dropped, then the request is answered. A local copy comes from a read that began after the last
//! drop of its id. A copy in Redis never replaces a newer one. Neither cache is used while the channel for
//! invalidations is not connected, or while the outbox has not been read for four seconds.

mod change_feed;
mod invalidating_store;
mod local_cache;
pub mod redis;
mod reloading;
mod tiered;
mod weight;

pub use self::invalidating_store::InvalidatingStore;
pub use self::tiered::{LocalCaches, NoCache, TieredCache};
