use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use moka::sync::Cache;
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::weight::Weighed;
use crate::ports::StoreError;

/// Enough shards that readers of different ids seldom wait for each other.
const SHARDS: usize = 16;

/// The value found under an id; `None` if there is none.
pub(super) type CachedCopy<T> = Option<Arc<T>>;
type Answer<T> = Result<CachedCopy<T>, StoreError>;

/// The local cache: copies of one kind, in this process.
///
/// The first caller that misses an id loads it for all callers that miss it at the same moment (single
/// flight). If the id is dropped during a flight, the flight still answers the callers that joined it before;
/// later callers do not join it, and its result is not kept. So a value that was read before a change is
/// never kept after it.
pub(super) struct LocalCache<T> {
    /// `None` if nothing is to be kept.
    copies: Option<Cache<Uuid, Arc<Kept<T>>>>,
    flights: [Mutex<HashMap<Uuid, Arc<Flight<T>>>>; SHARDS],
}

struct Kept<T> {
    found: CachedCopy<T>,
    life: Life,
    /// Whether one of its readers has requested its reload.
    ages: AtomicBool,
}

type Flight<T> = OnceCell<Answer<T>>;

/// How long a copy is used, by the monotonic clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Life {
    /// From this time on a read of the copy triggers its reload, so that the next reader does not wait for a
    /// load.
    pub reload_at: Duration,
    /// From this time on the copy is not used.
    pub ends_at: Duration,
}

/// A copy that can be used.
pub(super) struct Copied<T> {
    pub found: CachedCopy<T>,
    /// Whether this reader has to request the reload. Only one reader of an old copy has to.
    pub reload: bool,
}

impl<T: Weighed + Send + Sync + 'static> LocalCache<T> {
    /// Creates a cache for at most `most` copies, or fewer if some weigh more than 1.
    pub fn new(most: u64) -> Self {
        let weight = |_: &Uuid, copy: &Arc<Kept<T>>| copy.found.as_deref().map_or(1, Weighed::weight);
        let copies = || Cache::builder().max_capacity(most).weigher(weight).build();
        Self { copies: (most > 0).then(copies), flights: Default::default() }
    }

    /// Returns the copy under an id if it can be used at this time.
    pub fn get(&self, id: Uuid, now: Duration) -> Option<Copied<T>> {
        let copy = self.copies.as_ref()?.get(&id).filter(|copy| now < copy.life.ends_at)?;
        let reload = copy.life.reload_at <= now && !copy.ages.swap(true, Ordering::Relaxed);
        Some(Copied { found: copy.found.clone(), reload })
    }

    /// Loads the value under an id and keeps it for this life, once for all callers that join before the load
    /// ends.
    ///
    /// If the caller that loads is cancelled, the next one that waits loads instead.
    pub async fn load(&self, id: Uuid, life: Life, load: impl AsyncFnOnce() -> Answer<T>) -> Answer<T> {
        let joined = self.join(id);
        let flight = &joined.flight;
        let answer = flight.get_or_init(|| async {
            let answer = load().await;
            self.land(id, flight, &answer, life);
            answer
        });
        answer.await.clone()
    }

    /// Drops the copy under an id, unless it is recent enough.
    pub fn drop_unless(&self, id: Uuid, is_recent: impl FnOnce(&CachedCopy<T>) -> bool) {
        let mut flights = self.shard(id);
        flights.remove(&id);
        if let Some(copies) = &self.copies
            && !copies.get(&id).is_some_and(|copy| is_recent(&copy.found))
        {
            copies.invalidate(&id);
        }
    }

    /// Drops everything.
    pub fn clear(&self) {
        // Holds all locks, so that no flight ends between two of them.
        let mut shards: Vec<_> = self.flights.iter().map(lock).collect();
        for flights in &mut shards {
            flights.clear();
        }
        self.copies.iter().for_each(Cache::invalidate_all);
    }

    fn join(&self, id: Uuid) -> Joined<'_, T> {
        let flight = self.shard(id).entry(id).or_default().clone();
        Joined { local: self, id, flight }
    }

    /// Keeps the result of a flight, unless its id was dropped in the meantime.
    fn land(&self, id: Uuid, flight: &Arc<Flight<T>>, answer: &Answer<T>, life: Life) {
        let mut flights = self.shard(id);
        if flights.get(&id).is_some_and(|current| Arc::ptr_eq(current, flight)) {
            flights.remove(&id);
            if let (Ok(found), Some(copies)) = (answer, &self.copies) {
                let (found, ages) = (found.clone(), AtomicBool::new(false));
                copies.insert(id, Arc::new(Kept { found, life, ages }));
            }
        }
    }

    fn shard(&self, id: Uuid) -> MutexGuard<'_, HashMap<Uuid, Arc<Flight<T>>>> {
        // The last bytes of a version 7 UUID are random.
        lock(&self.flights[usize::from(id.as_bytes()[15]) % SHARDS])
    }
}

fn lock<T>(shard: &Mutex<T>) -> MutexGuard<'_, T> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A caller that waits for a flight. If the last one is cancelled before the flight ends, the flight is
/// removed.
struct Joined<'a, T: Weighed + Send + Sync + 'static> {
    local: &'a LocalCache<T>,
    id: Uuid,
    flight: Arc<Flight<T>>,
}

impl<T: Weighed + Send + Sync + 'static> Drop for Joined<'_, T> {
    fn drop(&mut self) {
        if self.flight.initialized() {
            return;
        }
        let mut flights = self.local.shard(self.id);
        // Released while the shard is locked, so that of two callers that leave at once one is the last.
        let flight = std::mem::take(&mut self.flight);
        let is_current = flights.get(&self.id).is_some_and(|current| Arc::ptr_eq(current, &flight));
        drop(flight);
        if is_current && flights.get(&self.id).is_some_and(|current| Arc::strong_count(current) == 1) {
            flights.remove(&self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;
    use futures_util::poll;
    use tokio::sync::Notify;

    use super::*;

    const ID: Uuid = Uuid::from_u128(7);
    const NOW: Duration = Duration::from_secs(100);
    const LATER: Duration = Duration::from_secs(103);
    const END: Duration = Duration::from_secs(105);
    const LIFE: Life = Life { reload_at: LATER, ends_at: END };

    impl Weighed for u32 {
        fn weight(&self) -> u32 {
            1
        }
    }

    fn local() -> LocalCache<u32> {
        LocalCache::new(100)
    }

    fn in_flight(local: &LocalCache<u32>) -> usize {
        local.flights.iter().map(|shard| lock(shard).len()).sum()
    }

    async fn load(local: &LocalCache<u32>, value: u32) -> Option<u32> {
        local.load(ID, LIFE, async || Ok(Some(Arc::new(value)))).await.unwrap().map(|found| *found)
    }

    fn get(local: &LocalCache<u32>, id: Uuid, now: Duration) -> Option<u32> {
        local.get(id, now)?.found.map(|found| *found)
    }

    #[tokio::test]
    async fn a_copy_is_kept_until_its_time() {
        let local = local();
        assert_eq!(get(&local, ID, NOW), None);
        assert_eq!(load(&local, 1).await, Some(1));
        assert_eq!(get(&local, ID, NOW), Some(1));
        assert_eq!(get(&local, Uuid::from_u128(8), NOW), None);
        assert_eq!(get(&local, ID, END), None);
        local.drop_unless(ID, |_| true);
        assert_eq!(get(&local, ID, NOW), Some(1));
        local.drop_unless(ID, |_| false);
        assert_eq!(get(&local, ID, NOW), None);
        load(&local, 2).await;
        local.clear();
        assert_eq!(get(&local, ID, NOW), None);
    }

    #[tokio::test]
    async fn one_reader_of_an_old_copy_has_it_reloaded() {
        let local = local();
        load(&local, 1).await;
        let reloads = |now| local.get(ID, now).map(|copy| copy.reload);
        assert_eq!(reloads(NOW), Some(false));
        assert_eq!([LATER, LATER, LATER].map(reloads), [Some(true), Some(false), Some(false)]);
        load(&local, 2).await;
        assert_eq!((get(&local, ID, NOW), reloads(LATER)), (Some(2), Some(true)), "the next copy ages too");
        assert_eq!(reloads(END), None, "a copy that is over is not used");
    }

    #[tokio::test]
    async fn one_loads_for_all() {
        let (local, loads) = (local(), AtomicUsize::new(0));
        let readers = (0..5000).map(|_| {
            local.load(ID, LIFE, async || {
                tokio::task::yield_now().await;
                loads.fetch_add(1, Ordering::Relaxed);
                Err(StoreError::Unavailable("cut off".to_owned()))
            })
        });
        assert!(join_all(readers).await.iter().all(Result::is_err));
        assert_eq!(loads.into_inner(), 1, "an error is shared too");
        assert_eq!((get(&local, ID, NOW), in_flight(&local)), (None, 0), "and not kept");
    }

    #[tokio::test]
    async fn a_value_read_before_a_change_is_never_kept_after_it() {
        let local = local();
        for forget in [|local: &LocalCache<u32>| local.drop_unless(ID, |_| false), LocalCache::clear] {
            let go = Notify::new();
            let mut slow = Box::pin(local.load(ID, LIFE, async || {
                go.notified().await;
                Ok(Some(Arc::new(1)))
            }));
            assert!(poll!(&mut slow).is_pending());
            forget(&local);
            // A caller that asks after the change does not wait for a value that was read before it.
            assert_eq!(load(&local, 2).await, Some(2));
            go.notify_one();
            assert_eq!(
                slow.await,
                Ok(Some(Arc::new(1))),
                "an earlier caller gets the value that was read before"
            );
            assert_eq!(get(&local, ID, NOW), Some(2));
            local.clear();
        }
    }

    #[tokio::test]
    async fn a_cancelled_loader_is_replaced_and_the_last_one_leaves_nothing() {
        let local = local();
        let mut first = Box::pin(local.load(ID, LIFE, std::future::pending));
        let mut second = Box::pin(local.load(ID, LIFE, async || Ok(Some(Arc::new(2)))));
        let mut third = Box::pin(local.load(ID, LIFE, std::future::pending));
        assert!(poll!(&mut first).is_pending() && poll!(&mut second).is_pending());
        assert!(poll!(&mut third).is_pending());
        drop(first);
        assert_eq!(second.await, Ok(Some(Arc::new(2))));
        assert_eq!(third.await, Ok(Some(Arc::new(2))));

        local.clear();
        let mut only = Box::pin(local.load(ID, LIFE, std::future::pending));
        assert!(poll!(&mut only).is_pending());
        assert_eq!(in_flight(&local), 1);
        drop(only);
        assert_eq!(in_flight(&local), 0);
    }

    #[tokio::test]
    async fn a_cache_of_size_zero_keeps_nothing() {
        let local = LocalCache::new(0);
        assert_eq!(load(&local, 1).await, Some(1));
        assert_eq!(get(&local, ID, NOW), None);
    }
}
