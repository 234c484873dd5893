//! The decoded keys of the store.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, sleep_until};

use super::key::Key;
use super::seal::Sealing;
use crate::adapters::tokens::secret_key::{PerKey, SecretKeys};
use crate::domain::{Algorithm, SigningKey, SigningKeyStatus, Timestamp};
use crate::ports::{AccessTokenError, Clock, PublicJwk, PublishedKeys, Store};

/// How often the background task reads the keys.
const INTERVAL: Duration = Duration::from_secs(1);
/// For unknown key ids the keys are read again at most this often, however many ids clients invent. Callers
/// wait for it: a key may be newer than the last read.
const SEARCH: Duration = Duration::from_millis(250);
/// A caller that finds old keys reads them again only if no read began since this time. While the background
/// task runs, callers never do.
const NEGLECTED: Duration = Duration::from_secs(5);

/// The keys that may sign and verify now.
///
/// While the store answers, they are never older than [`SigningKey::FOLLOWED`]. While it is unavailable, the
/// ring uses the keys that it has. One caller at a time reads the store; the others use the old keys too,
/// unless they miss a key.
pub(super) struct KeyRing {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// The algorithm whose active key signs.
    algorithm: Algorithm,
    sealing: Sealing,
    /// The keys of HS256, if that is the algorithm: then the one of the present secret key signs, without a
    /// store.
    derived: Option<PerKey<Arc<Key>>>,
    held: RwLock<CachedKeys>,
    /// How many reads have begun.
    begun: AtomicU64,
    turn: Mutex<LastRead>,
}

/// The content of the ring.
#[derive(Clone, Default)]
struct CachedKeys {
    /// The keys at the last successful read; `None` before that.
    keys: Option<Arc<Keys>>,
    /// When the last successful read began: a key that was stored later may be missing.
    read_at: Option<Timestamp>,
}

/// The last read. The caller that holds it is the one that reads.
#[derive(Default)]
struct LastRead {
    began: Option<Instant>,
    asked_at: Option<Timestamp>,
    /// The number of the last read that ended, and whether the store answered it.
    ended: u64,
    answered: bool,
}

/// All keys of the store.
#[derive(Default)]
struct Keys {
    by_id: HashMap<String, Arc<Key>>,
    /// The ids of keys that are accepted no more. No search can find them.
    gone: HashSet<String>,
    signing: Option<Arc<Key>>,
    published: Vec<PublicJwk>,
    /// The ids of keys that cannot be used, so that each is logged once.
    skipped: HashSet<String>,
}

impl KeyRing {
    pub(super) fn new(
        algorithm: Algorithm,
        secrets: &SecretKeys,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            store,
            clock,
            algorithm,
            sealing: Sealing::new(secrets),
            derived: (algorithm == Algorithm::Hs256)
                .then(|| secrets.map(|secret| Arc::new(Key::derived(secret)))),
            held: RwLock::default(),
            begun: AtomicU64::default(),
            turn: Mutex::default(),
        }
    }

    /// Returns the key that signs. Fails as unavailable if the store has none or cannot be read.
    pub(super) async fn signing(&self) -> Result<Arc<Key>, AccessTokenError> {
        if let Some(derived) = &self.derived {
            return Ok(Arc::clone(derived.present()));
        }
        let signing = |held: &CachedKeys| held.keys.as_ref()?.signing.clone();
        self.read_if_neglected().await;
        if let Some(key) = signing(&self.held()) {
            return Ok(key);
        }
        self.search(signing).await.0.ok_or(AccessTokenError::Unavailable)
    }

    /// Returns the key with this id. Fails as invalid if there is none, as unavailable if there may be one.
    pub(super) async fn named(&self, id: &str) -> Result<Arc<Key>, AccessTokenError> {
        let mut derived = self.derived.iter().flat_map(PerKey::iter);
        if let Some(derived) = derived.find(|derived| derived.id().0 == id) {
            return Ok(Arc::clone(derived));
        }
        let named = |held: &CachedKeys| held.keys.as_ref()?.by_id.get(id).cloned();
        // Each request asks, and nearly always the keys are new and have this one.
        if let Some(key) = self.new_enough().and_then(|held| named(&held)) {
            return Ok(key);
        }
        self.read_if_neglected().await;
        let held = self.held();
        if let Some(key) = named(&held) {
            return Ok(key);
        }
        if held.keys.is_some_and(|keys| keys.gone.contains(id)) {
            return Err(AccessTokenError::Invalid);
        }
        match self.search(named).await {
            (Some(key), _) => Ok(key),
            (None, true) => Err(AccessTokenError::Invalid),
            (None, false) => Err(AccessTokenError::Unavailable),
        }
    }

    /// Returns the published keys, in the order of the store. Others may cache them only if they are current:
    /// a service that cached older ones would not know a key that becomes active.
    pub(super) async fn published(&self) -> Result<PublishedKeys, AccessTokenError> {
        if self.is_stale() {
            self.search(|_| (!self.is_stale()).then_some(())).await;
        }
        let held = self.held();
        let keys = held.keys.map(|keys| keys.published.clone()).ok_or(AccessTokenError::Unavailable)?;
        Ok(PublishedKeys { keys, cacheable: !self.is_stale() })
    }

    /// Reads the keys again and again, so that no caller has to wait for that.
    pub(super) async fn follow(&self) {
        loop {
            sleep(INTERVAL).await;
            let mut turn = self.turn.lock().await;
            if turn.began.is_none_or(|began| began.elapsed() >= INTERVAL) {
                self.read(&mut turn).await;
            }
        }
    }

    /// Reads the keys if they are old and no other caller is reading them.
    async fn read_if_neglected(&self) {
        if self.is_stale()
            && let Ok(mut turn) = self.turn.try_lock()
            && turn.asked_at.is_none_or(|at| is_older(at, self.clock.now(), NEGLECTED))
        {
            self.read(&mut turn).await;
        }
    }

    /// Looks for a value after a read that began after the call, and returns whether the store answered that.
    /// Any number of callers share one read, and reads begin with the pause [`SEARCH`].
    async fn search<T>(&self, look: impl Fn(&CachedKeys) -> Option<T>) -> (Option<T>, bool) {
        let begun = self.begun.load(Ordering::SeqCst);
        let mut turn = self.turn.lock().await;
        if let Some(found) = look(&self.held()) {
            return (Some(found), true);
        }
        if turn.ended <= begun {
            if let Some(began) = turn.began {
                sleep_until(began + SEARCH).await;
            }
            self.read(&mut turn).await;
        }
        (look(&self.held()), turn.answered)
    }

    async fn read(&self, turn: &mut LastRead) {
        // Before the read: a key that is stored during it may be missing.
        let read_at = self.clock.now();
        let number = self.begun.fetch_add(1, Ordering::SeqCst).saturating_add(1);
        (turn.began, turn.asked_at) = (Some(Instant::now()), Some(read_at));
        let rows = self.store.signing_keys().all().await;
        let answered = rows.is_ok();
        match rows {
            Ok(rows) => {
                let keys = Some(Arc::new(self.decode(&rows, self.held().keys.as_deref())));
                *self.held.write().unwrap_or_else(PoisonError::into_inner) =
                    CachedKeys { keys, read_at: Some(read_at) };
            }
            Err(error) if turn.answered || turn.ended == 0 => {
                tracing::warn!(%error, "failed to load signing keys, using the previous keys");
            }
            // Once per outage.
            Err(_) => {}
        }
        (turn.ended, turn.answered) = (number, answered);
    }

    /// Decodes new keys; the key under an id never changes.
    fn decode(&self, rows: &[SigningKey], before: Option<&Keys>) -> Keys {
        let mut keys = Keys::default();
        let mut activated = None;
        for row in rows.iter().filter(|row| row.status != SigningKeyStatus::Compromised) {
            let known = before.and_then(|before| before.by_id.get(&row.id.0)).cloned();
            let key = match known.map_or_else(|| Key::open(row, &self.sealing).map(Arc::new), Ok) {
                Ok(key) => key,
                Err(error) => {
                    if before.is_none_or(|before| !before.skipped.contains(&row.id.0)) {
                        tracing::warn!(key = %row.id, %error, "signing key skipped");
                    }
                    keys.skipped.insert(row.id.0.clone());
                    continue;
                }
            };
            keys.published.extend(key.public().cloned());
            // The active key of the configured algorithm; until there is one, that of another algorithm.
            let rank = (row.algorithm == self.algorithm, row.activated_at);
            if row.status == SigningKeyStatus::Active && activated.is_none_or(|before| before < rank) {
                (keys.signing, activated) = (Some(Arc::clone(&key)), Some(rank));
            }
            keys.by_id.insert(row.id.0.clone(), key);
        }
        let compromised = rows.iter().filter(|row| row.status == SigningKeyStatus::Compromised);
        keys.gone.extend(compromised.map(|row| row.id.0.clone()));
        if let Some(before) = before {
            keys.gone.extend(before.gone.iter().chain(before.by_id.keys()).cloned());
        }
        let Keys { by_id, gone, .. } = &mut keys;
        gone.retain(|id| !by_id.contains_key(id));
        keys
    }

    fn held(&self) -> CachedKeys {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn new_enough(&self) -> Option<RwLockReadGuard<'_, CachedKeys>> {
        let now = self.clock.now();
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.read_at.is_some_and(|at| !is_older(at, now, SigningKey::FOLLOWED)).then_some(held)
    }

    fn is_stale(&self) -> bool {
        self.new_enough().is_none()
    }
}

/// A clock that jumped back makes the keys old, instead of new for long.
fn is_older(at: Timestamp, now: Timestamp, age: Duration) -> bool {
    now < at || now.since(at) >= age
}
