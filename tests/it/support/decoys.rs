//! A hasher that shows whether it verified a stored hash or a decoy, and the costs of the decoys.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use svc::adapters::passwords::Argon2Hasher;
use svc::domain::{HashCost, Password, PasswordHash};
use svc::ports::{Decoy, HasherError, Origin, PasswordHasher, Permit, Verification};

use super::hashers::argon2;

/// Records the cost of the decoy of each verification, and counts those of a stored hash.
pub struct Watched {
    hasher: Argon2Hasher,
    decoys: Mutex<Vec<Option<HashCost>>>,
    stored: AtomicUsize,
}

impl Watched {
    pub fn new() -> Arc<Self> {
        Arc::new(Self { hasher: argon2(8, 1), decoys: Mutex::default(), stored: AtomicUsize::default() })
    }

    /// Returns the costs of the decoys since the last call.
    pub fn take(&self) -> Vec<Option<HashCost>> {
        std::mem::take(&mut *self.decoys.lock().unwrap())
    }

    /// Returns how many stored hashes were verified.
    pub fn stored(&self) -> usize {
        self.stored.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl PasswordHasher for Watched {
    async fn hash(&self, origin: &Origin, password: &Password) -> Result<PasswordHash, HasherError> {
        self.hasher.hash(origin, password).await
    }

    fn cost_of(&self, hash: &PasswordHash) -> Option<HashCost> {
        self.hasher.cost_of(hash)
    }

    fn reserve(&self, origin: &Origin) -> Result<Box<dyn Permit + '_>, HasherError> {
        Ok(Box::new(WatchedTurn { turn: self.hasher.reserve(origin)?, watched: self }))
    }
}

struct WatchedTurn<'a> {
    turn: Box<dyn Permit + 'a>,
    watched: &'a Watched,
}

#[async_trait]
impl Permit for WatchedTurn<'_> {
    async fn verify(
        self: Box<Self>,
        password: &Password,
        hash: Option<&PasswordHash>,
        decoy: &Decoy,
    ) -> Result<Verification, HasherError> {
        self.watched.decoys.lock().unwrap().push(decoy.cost.clone());
        self.watched.stored.fetch_add(hash.is_some().into(), Ordering::SeqCst);
        self.turn.verify(password, hash, decoy).await
    }
}
