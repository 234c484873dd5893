//! Hashers that show or control what a test cannot reach from outside. They use a cheap hasher for the work.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use svc::adapters::passwords::Argon2Hasher;
use svc::config::PasswordSettings;
use svc::domain::{HashCost, HashPriority, Password, PasswordHash, PasswordPolicy};
use svc::ports::{Decoy, HasherError, NotVerified, Origin, PasswordHasher, Permit, Verification};
use tokio::sync::{Semaphore, oneshot};

use super::process::within;

/// Makes an Argon2id hasher with this cost.
pub fn argon2(memory_kib: u32, iterations: u32) -> Argon2Hasher {
    start(&settings(memory_kib, iterations))
}

fn start(settings: &PasswordSettings) -> Argon2Hasher {
    Argon2Hasher::start(settings).unwrap()
}

fn settings(memory_kib: u32, iterations: u32) -> PasswordSettings {
    PasswordSettings {
        policy: PasswordPolicy::new(8, 256).unwrap(),
        memory_kib,
        iterations,
        parallelism: 1,
        workers: 2,
        queue_length: 1024,
        queue_wait: Duration::from_mins(1),
        priority: HashPriority::Low,
    }
}

/// What a test does at each use of a hasher.
#[async_trait]
pub trait Hooks: Send + Sync {
    /// Before a password is hashed.
    fn hash(&self) {}

    /// Before a password is verified, once there is a permit.
    async fn verify(&self, _hash: Option<&PasswordHash>, _decoy: &Decoy) {}

    /// After a password was verified, before the answer.
    async fn verified(&self) {}
}

/// A hasher with hooks.
pub struct Hooked<H> {
    hasher: Argon2Hasher,
    hooks: H,
}

impl<H> Hooked<H> {
    fn start(hasher: Argon2Hasher, hooks: H) -> Arc<Self> {
        Arc::new(Self { hasher, hooks })
    }
}

#[async_trait]
impl<H: Hooks> PasswordHasher for Hooked<H> {
    async fn hash(&self, origin: &Origin, password: &Password) -> Result<PasswordHash, HasherError> {
        self.hooks.hash();
        self.hasher.hash(origin, password).await
    }

    fn cost_of(&self, hash: &PasswordHash) -> Result<HashCost, NotVerified> {
        self.hasher.cost_of(hash)
    }

    fn reserve(&self, origin: &Origin) -> Result<Box<dyn Permit + '_>, HasherError> {
        Ok(Box::new(HookedPermit { permit: self.hasher.reserve(origin)?, hooks: &self.hooks }))
    }
}

struct HookedPermit<'a, H> {
    permit: Box<dyn Permit + 'a>,
    hooks: &'a H,
}

#[async_trait]
impl<H: Hooks> Permit for HookedPermit<'_, H> {
    async fn verify(
        self: Box<Self>,
        password: &Password,
        hash: Option<&PasswordHash>,
        decoy: &Decoy,
    ) -> Result<Verification, HasherError> {
        self.hooks.verify(hash, decoy).await;
        let verification = self.permit.verify(password, hash, decoy).await;
        self.hooks.verified().await;
        verification
    }
}

/// Counts the passwords that were hashed or verified.
pub type Counting = Hooked<Count>;

#[derive(Default)]
pub struct Count(AtomicUsize);

impl Counting {
    pub fn new() -> Arc<Self> {
        Self::start(argon2(8, 1), Count::default())
    }

    /// Returns the count since the last call.
    pub fn take(&self) -> usize {
        self.hooks.0.swap(0, Ordering::SeqCst)
    }
}

#[async_trait]
impl Hooks for Count {
    fn hash(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    async fn verify(&self, _: Option<&PasswordHash>, _: &Decoy) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Records the cost of the decoy of each verification, and counts those of a stored hash.
pub type Watched = Hooked<Seen>;

#[derive(Default)]
pub struct Seen {
    decoys: Mutex<Vec<Option<HashCost>>>,
    stored: AtomicUsize,
}

impl Watched {
    pub fn new() -> Arc<Self> {
        Self::start(argon2(8, 1), Seen::default())
    }

    /// Returns the costs of the decoys since the last call.
    pub fn take(&self) -> Vec<Option<HashCost>> {
        std::mem::take(&mut *self.hooks.decoys.lock().unwrap())
    }

    /// Returns how many stored hashes were verified.
    pub fn stored(&self) -> usize {
        self.hooks.stored.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Hooks for Seen {
    async fn verify(&self, hash: Option<&PasswordHash>, decoy: &Decoy) {
        self.decoys.lock().unwrap().push(decoy.cost.clone());
        self.stored.fetch_add(hash.is_some().into(), Ordering::SeqCst);
    }
}

/// Refuses everything as overloaded.
pub struct Overloaded;

#[async_trait]
impl PasswordHasher for Overloaded {
    async fn hash(&self, _: &Origin, _: &Password) -> Result<PasswordHash, HasherError> {
        Err(HasherError::Overloaded)
    }

    fn cost_of(&self, _: &PasswordHash) -> Result<HashCost, NotVerified> {
        Err(NotVerified::Unreadable)
    }

    fn reserve(&self, _: &Origin) -> Result<Box<dyn Permit + '_>, HasherError> {
        Err(HasherError::Overloaded)
    }
}

/// Blocks every verification that has a permit, until it is opened.
pub type Closed = Hooked<Door>;

pub struct Door {
    arrived: Semaphore,
    open: Semaphore,
}

impl Closed {
    /// Makes one with this many workers and places in the queue.
    pub fn new(workers: usize, queue_length: usize) -> Arc<Self> {
        let hasher = start(&PasswordSettings { workers, queue_length, ..settings(8, 1) });
        Self::start(hasher, Door { arrived: Semaphore::new(0), open: Semaphore::new(0) })
    }

    /// Waits until `number` more verifications are blocked.
    pub async fn arrived(&self, number: u32) {
        within(self.hooks.arrived.acquire_many(number)).await.unwrap().forget();
    }

    /// Releases the verification that has been blocked longest, or the next one.
    pub fn let_one_go(&self) {
        self.hooks.open.add_permits(1);
    }

    /// Releases everything.
    pub fn open(&self) {
        self.hooks.open.close();
    }
}

#[async_trait]
impl Hooks for Door {
    async fn verify(&self, _: Option<&PasswordHash>, _: &Decoy) {
        self.arrived.add_permits(1);
        // The semaphore is closed when everything may continue.
        if let Ok(permit) = self.open.acquire().await {
            permit.forget();
        }
    }
}

/// Can hold a verification between its work and its answer.
pub type Gated = Hooked<Gates>;

#[derive(Default)]
pub struct Gates(Mutex<Option<Gate>>);

/// Reports that the verification is held, and receives its release.
type Gate = (oneshot::Sender<()>, oneshot::Receiver<()>);

/// A verification that is held.
pub struct Held {
    verified: oneshot::Receiver<()>,
    release: oneshot::Sender<()>,
}

impl Gated {
    pub fn new() -> Arc<Self> {
        Self::start(argon2(8, 1), Gates::default())
    }

    /// Holds the next verification, and no other.
    pub fn hold_next(&self) -> Held {
        let ((tell, verified), (release, released)) = (oneshot::channel(), oneshot::channel());
        *self.hooks.0.lock().unwrap() = Some((tell, released));
        Held { verified, release }
    }
}

impl Held {
    /// Waits until the verification is held, runs `during`, and releases it.
    pub async fn during<T>(self, during: impl Future<Output = T>) -> T {
        self.verified.await.unwrap();
        let done = during.await;
        self.release.send(()).unwrap();
        done
    }
}

#[async_trait]
impl Hooks for Gates {
    async fn verified(&self) {
        let gate = self.0.lock().unwrap().take();
        if let Some((tell, released)) = gate {
            tell.send(()).unwrap();
            released.await.unwrap();
        }
    }
}
