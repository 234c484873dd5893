//! The keys of the store, decoded and at hand.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{Mutex, MutexGuard};

use super::key::Key;
use super::seal::Sealing;
use crate::adapters::tokens::secret_key::{PerKey, SecretKeys};
use crate::domain::{Algorithm, SigningKey, SigningKeyStatus, Timestamp};
use crate::ports::{AccessTokenError, Clock, PublicJwk, Store};

/// The keys are read again when they are older and somebody uses them.
const STALE: Duration = Duration::from_secs(30);
/// For a key that is not there they are read again at most this often, whatever names clients make up.
const SEARCH: Duration = Duration::from_secs(1);

/// The keys that may sign and verify now.
///
/// While the store is out of reach the ring goes on with what it has. One caller at a time reads the store;
/// the others go on too, unless they miss a key.
pub(super) struct KeyRing {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    sealing: Sealing,
    /// The keys of HS256, when that is the algorithm: then the one of the present secret key signs, and needs no store.
    derived: Option<PerKey<Arc<Key>>>,
    held: RwLock<CachedKeys>,
    turn: Mutex<()>,
}

/// What the ring holds.
#[derive(Clone, Default)]
struct CachedKeys {
    /// What the store said when it was last reached; `None` before that.
    keys: Option<Arc<Keys>>,
    /// When it was last asked, and whether it answered.
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

    /// The key that signs; unavailable when the store has none or cannot be asked.
    pub(super) async fn signing(&self) -> Result<Arc<Key>, AccessTokenError> {
        if let Some(derived) = &self.derived {
            return Ok(Arc::clone(derived.present()));
        }
        let signing = |held: &CachedKeys| held.keys.as_ref()?.signing.clone();
        self.find(signing).await.0.ok_or(AccessTokenError::Unavailable)
    }

    /// The key of this name. Invalid when there is none, unavailable when there may be one.
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

    /// What is published, in the order of the store.
    pub(super) async fn published(&self) -> Result<Vec<PublicJwk>, AccessTokenError> {
        let published = |held: &CachedKeys| held.keys.as_ref().map(|keys| keys.published.clone());
        self.find(published).await.0.ok_or(AccessTokenError::Unavailable)
    }

    /// Looks in what is held, and once more in what the store has when it is not there. Also what was held when
    /// it looked last.
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

    /// Asks the store, unless that was done while the caller waited for its turn.
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
                tracing::warn!(%error, "the signing keys cannot be read; those at hand stay in use");
            }
        }
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
    }

    /// Decodes what is new; a key never changes under its name.
    fn decode(&self, rows: &[SigningKey], before: Option<&Keys>) -> Keys {
        let mut keys = Keys::default();
        for row in rows {
            let known = before.and_then(|before| before.by_id.get(&row.id.0)).cloned();
            let key = match known.map_or_else(|| Key::open(row, &self.sealing).map(Arc::new), Ok) {
                Ok(key) => key,
                Err(error) => {
                    tracing::warn!(key = %row.id, %error, "a signing key is left out");
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

    /// A clock that was set back makes what is held old, not new for long.
    fn is_older_than(&self, age: Duration) -> bool {
        let now = self.clock.now();
        self.held().asked.is_none_or(|(at, _)| now < at || now.since(at) >= age)
    }
}
