use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Notify;
use uuid::Uuid;

use super::change_feed::ChangeFeed;
use super::local_cache::{CachedCopy, Life, LocalCache};
use super::redis::{Listener, Lookup, Record, RedisClient};
use super::reloading::{Age, Reloading};
use super::weight::Weighed;
use crate::domain::{Invalidation, SessionId, SessionSnapshot, User, UserId};
use crate::ports::{Cache, Clock, Memo, SharedCache, Store, StoreError};
use crate::telemetry::metrics::CacheCounts;

/// How long a copy is kept in this process. Up to a second is added, so that copies that were read one after
/// the other do not expire together.
const LIFE: Duration = Duration::from_secs(4);
/// How long a copy is used before a read triggers its reload. Up to a second is added. The rest of its life
/// is longer than Redis and the database take to answer on a busy machine, so no reader of a copy in use
/// waits for them.
const YOUNG: Duration = Duration::from_secs(2);

/// A cache with a local tier in this process, and a shared one in Redis if configured.
pub struct TieredCache {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) local: Arc<LocalCaches>,
    pub(super) redis: Option<Arc<RedisClient>>,
    pub(super) change_feed: ChangeFeed,
    reloading: Reloading,
    pub(super) counts: Arc<CacheCounts>,
}

/// The local cache.
pub struct LocalCaches {
    users: LocalCache<Memo<User>>,
    sessions: LocalCache<Memo<SessionSnapshot>>,
    /// Whether the channel for invalidations is connected.
    hears: AtomicBool,
}

/// A kind of value that is cached.
#[async_trait]
pub(super) trait Cached: Record + Weighed + Send + Sync + 'static {
    /// Names a copy for a reload.
    const AGE: fn(Uuid) -> Age;

    fn local(local: &LocalCaches) -> &LocalCache<Memo<Self>>;

    async fn read(store: &dyn Store, id: Uuid) -> Result<Option<Self>, StoreError>;
}

#[async_trait]
impl Cached for User {
    const AGE: fn(Uuid) -> Age = Age::User;

    fn local(local: &LocalCaches) -> &LocalCache<Memo<Self>> {
        &local.users
    }

    async fn read(store: &dyn Store, id: Uuid) -> Result<Option<Self>, StoreError> {
        store.users().find(UserId(id)).await
    }
}

#[async_trait]
impl Cached for SessionSnapshot {
    const AGE: fn(Uuid) -> Age = Age::Session;

    fn local(local: &LocalCaches) -> &LocalCache<Memo<Self>> {
        &local.sessions
    }

    async fn read(store: &dyn Store, id: Uuid) -> Result<Option<Self>, StoreError> {
        Ok(store.sessions().find(SessionId(id)).await?.map(|session| session.snapshot()))
    }
}

impl TieredCache {
    /// Creates a cache in front of this store. It keeps nothing until [`follow`](Self::follow) runs, because
    /// it would miss the changes of other processes.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        local: Arc<LocalCaches>,
        redis: Option<Arc<RedisClient>>,
        counts: Arc<CacheCounts>,
    ) -> Self {
        if redis.is_none() {
            // Without Redis there is no channel that could miss a message.
            local.hears();
        }
        let (change_feed, reloading) = (ChangeFeed::default(), Reloading::default());
        Self { store, clock, local, redis, change_feed, reloading, counts }
    }

    /// Follows the changes of other processes without end. Redis is not read before the outbox was read once:
    /// its values may be older than that.
    pub async fn follow(&self) {
        if let Some(redis) = &self.redis {
            redis.is_kept_up();
        }
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
        tokio::join!(redis, self.change_feed.run(self, &begun), self.reloading.run(self));
    }

    /// Closes the connection to Redis. While [`follow`](Self::follow) runs it is opened again, and values
    /// that Redis stored before are not trusted.
    pub fn close(&self) {
        if let Some(redis) = &self.redis {
            redis.close();
        }
    }

    /// Invalidates older copies, here and in Redis. The writer of the change waits until this returns.
    pub(super) async fn invalidate(&self, what: &[Invalidation], announce: bool) {
        if let Some(redis) = &self.redis {
            redis.invalidate(what, announce).await;
        }
        // Last, so that no older value of Redis comes back into the local cache.
        for what in what {
            self.local.invalidate(*what);
        }
    }

    /// Drops all local copies and stops trusting all values in Redis.
    pub(super) fn forget_all(&self) {
        self.local.clear();
        self.close();
    }

    async fn find<T: Cached>(&self, id: Uuid) -> Result<CachedCopy<Memo<T>>, StoreError> {
        let copies = T::local(&self.local);
        let now = self.clock.monotonic();
        let reads = self.change_feed.has_read(now);
        if reads
            && self.local.hears.load(Ordering::Acquire)
            && let Some(copy) = copies.get(id, now)
        {
            if copy.reload {
                self.reloading.ask(T::AGE(id));
            }
            return Ok(copy.found);
        }
        self.counts.missed_here.add(1);
        self.fill::<T>(id, now, reads).await
    }

    /// Reloads a copy that is in use.
    pub(super) async fn reload<T: Cached>(&self, id: Uuid) {
        self.counts.reloaded.add(1);
        let now = self.clock.monotonic();
        // If there is an error, the next reader meets it.
        let _ = self.fill::<T>(id, now, self.change_feed.has_read(now)).await;
    }

    /// Loads and keeps a copy.
    async fn fill<T: Cached>(
        &self,
        id: Uuid,
        now: Duration,
        reads: bool,
    ) -> Result<CachedCopy<Memo<T>>, StoreError> {
        let spread = Duration::from_micros(u64::from(now.subsec_micros()));
        let life = Life { reload_at: now + YOUNG + spread, ends_at: now + LIFE + spread };
        let load = async || self.load(id, reads).await.map(|found| found.map(kept));
        T::local(&self.local).load(id, life, load).await
    }

    /// Loads from Redis, or from the store and then puts the value into Redis.
    async fn load<T: Cached>(&self, id: Uuid, reads: bool) -> Result<Option<T>, StoreError> {
        let Some(redis) = self.redis.as_ref().filter(|_| reads) else {
            self.counts.loaded.add(1);
            return T::read(&*self.store, id).await;
        };
        let claim = match redis.find::<T>(id).await {
            Lookup::Found(value) => {
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
    async fn user(&self, id: UserId) -> Result<Option<Arc<Memo<User>>>, StoreError> {
        self.find(id.0).await
    }

    async fn session(&self, id: SessionId) -> Result<Option<Arc<Memo<SessionSnapshot>>>, StoreError> {
        self.find(id.0).await
    }

    fn shared(&self) -> Option<SharedCache> {
        let reads = self.change_feed.has_read(self.clock.monotonic());
        self.redis.as_ref().map(|redis| match redis.state() {
            SharedCache::Used if !reads => SharedCache::Away,
            state => state,
        })
    }
}

impl LocalCaches {
    /// Creates a cache for at most `most` users and at most `most` sessions.
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

impl Listener for LocalCaches {
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

fn kept<T>(value: T) -> Arc<Memo<T>> {
    Arc::new(value.into())
}

/// A cache that keeps nothing: every read is a read of the store.
pub struct NoCache(pub Arc<dyn Store>);

#[async_trait]
impl Cache for NoCache {
    async fn user(&self, id: UserId) -> Result<Option<Arc<Memo<User>>>, StoreError> {
        Ok(User::read(&*self.0, id.0).await?.map(kept))
    }

    async fn session(&self, id: SessionId) -> Result<Option<Arc<Memo<SessionSnapshot>>>, StoreError> {
        Ok(SessionSnapshot::read(&*self.0, id.0).await?.map(kept))
    }

    fn shared(&self) -> Option<SharedCache> {
        None
    }
}
