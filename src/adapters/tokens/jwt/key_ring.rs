//! The decoded keys of the store.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{Mutex, MutexGuard};

use super::key::Key;
use super::seal::Sealing;
use crate::adapters::tokens::secret_key::{PerKey, SecretKeys};
use crate::domain::{Algorithm, SigningKey, SigningKeyStatus, Timestamp};
use crate::ports::{AccessTokenError, Clock, PublicJwk, Store};

/// Keys older than this are read again when they are used.
const STALE: Duration = Duration::from_secs(30);
/// For an unknown key id the keys are read again at most this often, however many ids clients invent.
const SEARCH: Duration = Duration::from_secs(1);

/// The keys that may sign and verify now.
///
/// While the store is unavailable, the ring uses the keys that it has. One caller at a time reads the store;
/// the others use the old keys too, unless they miss a key.
pub(super) struct KeyRing {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    sealing: Sealing,
    /// The keys of HS256, if that is the algorithm: then the one of the present secret key signs, without a
    /// store.
    derived: Option<PerKey<Arc<Key>>>,
    held: RwLock<CachedKeys>,
    turn: Mutex<()>,
}

/// The content of the ring.
#[derive(Clone, Default)]
struct CachedKeys {
    /// The keys at the last successful read; `None` before that.
    keys: Option<Arc<Keys>>,
    /// When the store was last read, and whether it answered.
    asked: Option<(Timestamp, bool)>,
}

/// All keys of the store.
#[derive(Default)]
struct Keys {
    by_id: HashMap<String, Arc<Key>>,
    signing: Option<Arc<Key>>,
    published: Vec<PublicJwk>,
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
            sealing: Sealing::new(secrets),
            derived: (algorithm == Algorithm::Hs256)
                .then(|| secrets.map(|secret| Arc::new(Key::derived(secret)))),
            held: RwLock::default(),
            turn: Mutex::default(),
        }
    }

    /// Returns the key that signs. Fails as unavailable if the store has none or cannot be read.
    pub(super) async fn signing(&self) -> Result<Arc<Key>, AccessTokenError> {
        if let Some(derived) = &self.derived {
            return Ok(Arc::clone(derived.present()));
        }
        let signing = |held: &CachedKeys| held.keys.as_ref()?.signing.clone();
        self.find(signing).await.0.ok_or(AccessTokenError::Unavailable)
    }

    /// Returns the key with this id. Fails as invalid if there is none, as unavailable if there may be one.
    pub(super) async fn named(&self, id: &str) -> Result<Arc<Key>, AccessTokenError> {
        let mut derived = self.derived.iter().flat_map(PerKey::iter);
        if let Some(derived) = derived.find(|derived| derived.id().0 == id) {
            return Ok(Arc::clone(derived));
        }
        let named = |held: &CachedKeys| held.keys.as_ref()?.by_id.get(id).cloned();
        match self.find(named).await {
            (Some(key), _) => Ok(key),
            (None, CachedKeys { asked: Some((_, true)), .. }) => Err(AccessTokenError::Invalid),
            (None, _) => Err(AccessTokenError::Unavailable),
        }
    }

    /// Returns the published keys, in the order of the store.
    pub(super) async fn published(&self) -> Result<Vec<PublicJwk>, AccessTokenError> {
        let published = |held: &CachedKeys| held.keys.as_ref().map(|keys| keys.published.clone());
        self.find(published).await.0.ok_or(AccessTokenError::Unavailable)
    }

    /// Looks up a value in the ring, and if it is missing, once more after reading the store. Also returns
    /// the content of the ring at the last look-up.
    async fn find<T>(&self, look: impl Fn(&CachedKeys) -> Option<T>) -> (Option<T>, CachedKeys) {
        if self.is_older_than(STALE)
            && let Ok(turn) = self.turn.try_lock()
        {
            self.reload(STALE, turn).await;
        }
        let held = self.held();
        if let Some(found) = look(&held) {
            return (Some(found), held);
        }
        self.reload(SEARCH, self.turn.lock().await).await;
        let held = self.held();
        (look(&held), held)
    }

    /// Reads the store, unless another caller did so while this one waited for its turn.
    async fn reload(&self, age: Duration, _turn: MutexGuard<'_, ()>) {
        if !self.is_older_than(age) {
            return;
        }
        let rows = self.store.signing_keys().all().await;
        let mut held = self.held();
        held.asked = Some((self.clock.now(), rows.is_ok()));
        match rows {
            Ok(rows) => held.keys = Some(Arc::new(self.decode(&rows, held.keys.as_deref()))),
            Err(error) => {
                tracing::warn!(%error, "failed to load signing keys, using the previous keys");
            }
        }
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
    }

    /// Decodes new keys; the key under an id never changes.
    fn decode(&self, rows: &[SigningKey], before: Option<&Keys>) -> Keys {
        let mut keys = Keys::default();
        for row in rows {
            let known = before.and_then(|before| before.by_id.get(&row.id.0)).cloned();
            let key = match known.map_or_else(|| Key::open(row, &self.sealing).map(Arc::new), Ok) {
                Ok(key) => key,
                Err(error) => {
                    tracing::warn!(key = %row.id, %error, "signing key skipped");
                    continue;
                }
            };
            keys.published.extend(key.public().cloned());
            if row.status == SigningKeyStatus::Active {
                keys.signing = Some(Arc::clone(&key));
            }
            keys.by_id.insert(row.id.0.clone(), key);
        }
        keys
    }

    fn held(&self) -> CachedKeys {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A clock that jumped back makes the keys stale, instead of fresh for long.
    fn is_older_than(&self, age: Duration) -> bool {
        let now = self.clock.now();
        self.held().asked.is_none_or(|(at, _)| now < at || now.since(at) >= age)
    }
}
