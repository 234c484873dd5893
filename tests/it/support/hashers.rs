//! Hashers that show or control what a test cannot reach from outside. They use a cheap hasher for the work.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use svc::adapters::passwords::Argon2Hasher;
use svc::config::PasswordSettings;
use svc::domain::{HashCost, HashPriority, Password, PasswordHash, PasswordPolicy};
use svc::ports::{Decoy, HasherError, Origin, PasswordHasher, Permit, Verification};
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

/// Counts the passwords that were hashed or verified.
pub struct Counting {
    hasher: Argon2Hasher,
    count: AtomicUsize,
}

impl Counting {
    pub fn new() -> Arc<Self> {
        Arc::new(Self { hasher: argon2(8, 1), count: AtomicUsize::default() })
    }

    /// Returns the count since the last call.
    pub fn take(&self) -> usize {
        self.count.swap(0, Ordering::SeqCst)
    }
}

#[async_trait]
impl PasswordHasher for Counting {
    async fn hash(&self, origin: &Origin, password: &Password) -> Result<PasswordHash, HasherError> {
        self.count.fetch_add(1, Ordering::SeqCst);
        self.hasher.hash(origin, password).await
    }

    fn cost_of(&self, hash: &PasswordHash) -> Option<HashCost> {
        self.hasher.cost_of(hash)
    }

    fn reserve(&self, origin: &Origin) -> Result<Box<dyn Permit + '_>, HasherError> {
        Ok(Box::new(CountedTurn { turn: self.hasher.reserve(origin)?, count: &self.count }))
    }
}

struct CountedTurn<'a> {
    turn: Box<dyn Permit + 'a>,
    count: &'a AtomicUsize,
}

#[async_trait]
impl Permit for CountedTurn<'_> {
    async fn verify(
        self: Box<Self>,
        password: &Password,
        hash: Option<&PasswordHash>,
        decoy: &Decoy,
    ) -> Result<Verification, HasherError> {
        self.count.fetch_add(1, Ordering::SeqCst);
        self.turn.verify(password, hash, decoy).await
    }
}

/// Refuses everything as overloaded.
pub struct Overloaded;

#[async_trait]
impl PasswordHasher for Overloaded {
    async fn hash(&self, _: &Origin, _: &Password) -> Result<PasswordHash, HasherError> {
        Err(HasherError::Overloaded)
    }

    fn cost_of(&self, _: &PasswordHash) -> Option<HashCost> {
        None
    }

    fn reserve(&self, _: &Origin) -> Result<Box<dyn Permit + '_>, HasherError> {
        Err(HasherError::Overloaded)
    }
}

/// Blocks every verification that has a permit, until it is opened.
pub struct Closed {
    hasher: Argon2Hasher,
    arrived: Semaphore,
    open: Semaphore,
}

impl Closed {
    /// Makes one with this many workers and places in the queue.
    pub fn new(workers: usize, queue_length: usize) -> Arc<Self> {
        let hasher = start(&PasswordSettings { workers, queue_length, ..settings(8, 1) });
        Arc::new(Self { hasher, arrived: Semaphore::new(0), open: Semaphore::new(0) })
    }

    /// Waits until `number` more verifications are blocked.
    pub async fn arrived(&self, number: u32) {
        within(self.arrived.acquire_many(number)).await.unwrap().forget();
    }

    /// Releases the verification that has been blocked longest, or the next one.
    pub fn let_one_go(&self) {
        self.open.add_permits(1);
    }

    /// Releases everything.
    pub fn open(&self) {
        self.open.close();
    }
}

#[async_trait]
impl PasswordHasher for Closed {
    async fn hash(&self, origin: &Origin, password: &Password) -> Result<PasswordHash, HasherError> {
        self.hasher.hash(origin, password).await
    }

    fn cost_of(&self, hash: &PasswordHash) -> Option<HashCost> {
        self.hasher.cost_of(hash)
    }

    fn reserve(&self, origin: &Origin) -> Result<Box<dyn Permit + '_>, HasherError> {
        Ok(Box::new(ClosedTurn { turn: self.hasher.reserve(origin)?, closed: self }))
    }
}

struct ClosedTurn<'a> {
    turn: Box<dyn Permit + 'a>,
    closed: &'a Closed,
}

#[async_trait]
impl Permit for ClosedTurn<'_> {
    async fn verify(
        self: Box<Self>,
        password: &Password,
        hash: Option<&PasswordHash>,
        decoy: &Decoy,
    ) -> Result<Verification, HasherError> {
        self.closed.arrived.add_permits(1);
        // The semaphore is closed when everything may continue.
        if let Ok(permit) = self.closed.open.acquire().await {
            permit.forget();
        }
        self.turn.verify(password, hash, decoy).await
    }
}

/// Can hold a verification between its work and its answer.
pub struct Gated {
    hasher: Argon2Hasher,
    next: Mutex<Option<Gate>>,
}

/// Reports that the verification is held, and receives its release.
type Gate = (oneshot::Sender<()>, oneshot::Receiver<()>);

/// A verification that is held.
pub struct Held {
    verified: oneshot::Receiver<()>,
    release: oneshot::Sender<()>,
}

impl Gated {
    pub fn new() -> Arc<Self> {
        Arc::new(Self { hasher: argon2(8, 1), next: Mutex::default() })
    }

    /// Holds the next verification, and no other.
    pub fn hold_next(&self) -> Held {
        let ((tell, verified), (release, released)) = (oneshot::channel(), oneshot::channel());
        *self.next.lock().unwrap() = Some((tell, released));
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
impl PasswordHasher for Gated {
    async fn hash(&self, origin: &Origin, password: &Password) -> Result<PasswordHash, HasherError> {
        self.hasher.hash(origin, password).await
    }

    fn cost_of(&self, hash: &PasswordHash) -> Option<HashCost> {
        self.hasher.cost_of(hash)
    }

    fn reserve(&self, origin: &Origin) -> Result<Box<dyn Permit + '_>, HasherError> {
        let (turn, held) = (self.hasher.reserve(origin)?, self.next.lock().unwrap().take());
        Ok(Box::new(GatedTurn { turn, held }))
    }
}

struct GatedTurn<'a> {
    turn: Box<dyn Permit + 'a>,
    held: Option<Gate>,
}

#[async_trait]
impl Permit for GatedTurn<'_> {
    async fn verify(
        self: Box<Self>,
        password: &Password,
        hash: Option<&PasswordHash>,
        decoy: &Decoy,
    ) -> Result<Verification, HasherError> {
        let verification = self.turn.verify(password, hash, decoy).await;
        if let Some((tell, released)) = self.held {
            tell.send(()).unwrap();
            released.await.unwrap();
        }
        verification
    }
}
