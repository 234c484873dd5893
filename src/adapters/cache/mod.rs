//! What is read on every request, kept close: in this process, and in Redis where there is one.
//!
//! **Here**: [`TieredCache`], the cache; `local`, its tier in this process; `reloading`, which loads copies that are in use
//! again before they end; [`InvalidatingStore`], the store that tells the cache of every change before the change is
//! acknowledged; `follower`, which reads in the outbox what was changed by others, and by this process should it have had
//! no time to tell.
//!
//! **May use**: `ports`, `domain`, `telemetry`, moka, the [`RedisClient`], and [`Tasks`](crate::tasks::Tasks) for what must not stop when a
//! client hangs up.
//!
//! **To keep another kind**: a method of the port, its `Cached` here and its `Record` in Redis, and a variant of
//! [`Invalidation`] that the events of its changes give.
//!
//! Why a change that was acknowledged is seen: it is told to Redis first, then dropped here, then answered. A copy here
//! comes from a read that began after the last drop of its id. A copy in Redis is never put over something newer. Neither
//! is used while the channel on which the others tell is not heard, or the outbox has not been read for
//! four seconds.

mod change_feed;
mod invalidating_store;
mod local_cache;
pub mod redis;
mod reloading;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Notify;
use uuid::Uuid;

use self::change_feed::ChangeFeed;
pub use self::invalidating_store::InvalidatingStore;
use self::local_cache::{CachedCopy, Life, LocalCache};
use self::redis::{Listener, Lookup, Record, RedisClient};
use self::reloading::{Age, Reloading};
use crate::domain::{Invalidation, SessionId, SessionSnapshot, User, UserId};
use crate::ports::{Cache, Clock, SharedCache, Store, StoreError};
use crate::telemetry::metrics::CacheCounts;

/// How long a copy is kept in this process, and up to a second more, so that what was read one after the other is not read
/// again at once.
const LIFE: Duration = Duration::from_secs(4);
/// How long a copy is used before a read has it loaded again, and up to a second more. What is left of its life is longer than
/// Redis and the database take to answer on a machine that is busy, so that no reader of a copy in use waits for them.
const YOUNG: Duration = Duration::from_secs(2);

/// A cache of one tier in this process, and a second one in Redis if there is one.
pub struct TieredCache {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    near: Arc<LocalCacheSettings>,
    redis: Option<Arc<RedisClient>>,
    follower: ChangeFeed,
    reloading: Reloading,
    counts: Arc<CacheCounts>,
}

/// The tier in this process.
pub struct LocalCacheSettings {
    users: LocalCache<User>,
    sessions: LocalCache<SessionSnapshot>,
    /// Whether what others tell is heard.
    hears: AtomicBool,
}

/// A kind that is kept.
#[async_trait]
trait Cached: Record + Send + Sync + 'static {
    /// The name of a copy that is to be loaded again.
    const AGED: fn(Uuid) -> Age;

    fn local(near: &LocalCacheSettings) -> &LocalCache<Self>;

    async fn read(store: &dyn Store, id: Uuid) -> Result<Option<Self>, StoreError>;
}

#[async_trait]
impl Cached for User {
    const AGED: fn(Uuid) -> Age = Age::User;

    fn local(near: &LocalCacheSettings) -> &LocalCache<Self> {
        &near.users
    }

    async fn read(store: &dyn Store, id: Uuid) -> Result<Option<Self>, StoreError> {
        store.users().find(UserId(id)).await
    }
}

#[async_trait]
impl Cached for SessionSnapshot {
    const AGED: fn(Uuid) -> Age = Age::Session;

    fn local(near: &LocalCacheSettings) -> &LocalCache<Self> {
        &near.sessions
    }

    async fn read(store: &dyn Store, id: Uuid) -> Result<Option<Self>, StoreError> {
        Ok(store.sessions().find(SessionId(id)).await?.map(|session| session.snapshot()))
    }
}

impl TieredCache {
    /// A cache in front of this store. It keeps nothing until [`follow`](Self::follow) runs, since until then it would not
    /// notice what others change.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        near: Arc<LocalCacheSettings>,
        redis: Option<Arc<RedisClient>>,
        counts: Arc<CacheCounts>,
    ) -> Self {
        if redis.is_none() {
            // There is no channel, so nothing on it is missed.
            near.hears();
        }
        let (follower, reloading) = (ChangeFeed::default(), Reloading::default());
        Self { store, clock, near, redis, follower, reloading, counts }
    }

    /// Notices what others change, for ever. Redis is asked for nothing before the outbox was read once: what it holds may
    /// be older than that.
    pub async fn follow(&self) {
        let begun = Notify::new();
        let redis = async {
            match &self.redis {
                Some(redis) => {
                    begun.notified().await;
                    redis.keep_up().await;
                }
                None => std::future::pending().await,
            }
        };
        tokio::join!(redis, self.follower.run(self, &begun), self.reloading.run(self));
    }

    /// Lets the connection to Redis go: it is made again, while [`follow`](Self::follow) runs, and what Redis holds until
    /// then is not trusted.
    pub fn close(&self) {
        if let Some(redis) = &self.redis {
            redis.close();
        }
    }

    /// Has no older copy used any more, here and wherever it is told. Before this ends, whoever made the change waits.
    async fn invalidate(&self, what: &[Invalidation], tell: bool) {
        if let Some(redis) = &self.redis {
            redis.invalidate(what, tell).await;
        }
        // Last, so that nothing that was in Redis before comes back here.
        for what in what {
            self.near.invalidate(*what);
        }
    }

    /// Uses nothing any more that was kept until now.
    fn forget_all(&self) {
        self.near.clear();
        self.close();
    }

    async fn find<T: Cached>(&self, id: Uuid) -> Result<CachedCopy<T>, StoreError> {
        let copies = T::local(&self.near);
        let now = self.clock.monotonic();
        let reads = self.follower.has_read(now);
        if reads
            && self.near.hears.load(Ordering::Acquire)
            && let Some(copy) = copies.get(id, now)
        {
            if copy.reload {
                self.reloading.ask(T::AGED(id));
            }
            return Ok(copy.found);
        }
        self.counts.missed_here.add(1);
        self.fill::<T>(id, now, reads).await
    }

    /// Loads a copy again that is still used.
    async fn reload<T: Cached>(&self, id: Uuid) {
        self.counts.reloaded.add(1);
        let now = self.clock.monotonic();
        // Its next reader meets the error if there is one.
        let _ = self.fill::<T>(id, now, self.follower.has_read(now)).await;
    }

    /// Loads and keeps a copy.
    async fn fill<T: Cached>(
        &self,
        id: Uuid,
        now: Duration,
        reads: bool,
    ) -> Result<CachedCopy<T>, StoreError> {
        let spread = Duration::from_micros(u64::from(now.subsec_micros()));
        let life = Life { reload_at: now + YOUNG + spread, ends_at: now + LIFE + spread };
        let load = async || self.load(id, reads).await.map(|found| found.map(Arc::new));
        T::local(&self.near).load(id, life, load).await
    }

    /// From Redis, or from the store and then into Redis.
    async fn load<T: Cached>(&self, id: Uuid, reads: bool) -> Result<Option<T>, StoreError> {
        let Some(redis) = self.redis.as_ref().filter(|_| reads) else {
            self.counts.loaded.add(1);
            return T::read(&*self.store, id).await;
        };
        let claim = match redis.find::<T>(id).await {
            Lookup::CachedCopy(value) => {
                self.counts.found_shared.add(1);
                return Ok(Some(value));
            }
            Lookup::Missing(claim) => claim,
        };
        self.counts.loaded.add(1);
        let found = T::read(&*self.store, id).await?;
        if let Some((value, claim)) = found.as_ref().zip(claim) {
            redis.keep(value, &claim).await;
        }
        Ok(found)
    }
}

#[async_trait]
impl Cache for TieredCache {
    async fn user(&self, id: UserId) -> Result<Option<Arc<User>>, StoreError> {
        self.find(id.0).await
    }

    async fn session(&self, id: SessionId) -> Result<Option<Arc<SessionSnapshot>>, StoreError> {
        self.find(id.0).await
    }

    fn shared(&self) -> Option<SharedCache> {
        let reads = self.follower.has_read(self.clock.monotonic());
        self.redis.as_ref().map(|redis| match redis.state() {
            SharedCache::Used if !reads => SharedCache::Away,
            state => state,
        })
    }
}

impl LocalCacheSettings {
    /// For so many users, and so many sessions, at most.
    #[must_use]
    pub fn new(most: u64) -> Self {
        Self { users: LocalCache::new(most), sessions: LocalCache::new(most), hears: AtomicBool::new(false) }
    }

    fn clear(&self) {
        self.users.clear();
        self.sessions.clear();
    }

    fn drop_older<T: Cached>(&self, id: Uuid, version: i64) {
        T::local(self)
            .drop_unless(id, |found| found.as_ref().is_some_and(|value| value.version() >= version));
    }
}

impl Listener for LocalCacheSettings {
    fn invalidate(&self, what: Invalidation) {
        match what {
            Invalidation::User(id, version) => self.drop_older::<User>(id.0, version),
            Invalidation::Session(id, version) => self.drop_older::<SessionSnapshot>(id.0, version),
        }
    }

    fn hears(&self) {
        self.clear();
        self.hears.store(true, Ordering::Release);
    }

    fn is_deaf(&self) {
        self.hears.store(false, Ordering::Release);
    }
}

/// No copies: every read is one of the store.
pub struct NoCache(pub Arc<dyn Store>);

#[async_trait]
impl Cache for NoCache {
    async fn user(&self, id: UserId) -> Result<Option<Arc<User>>, StoreError> {
        Ok(User::read(&*self.0, id.0).await?.map(Arc::new))
    }

    async fn session(&self, id: SessionId) -> Result<Option<Arc<SessionSnapshot>>, StoreError> {
        Ok(SessionSnapshot::read(&*self.0, id.0).await?.map(Arc::new))
    }

    fn shared(&self) -> Option<SharedCache> {
        None
    }
}
