//! Tests of the access tokens, on a store that holds signing keys only.

mod forged;
mod forged_claims;
mod forged_headers;
mod forged_transport;
mod inspected;
mod keys;
mod round_trip;
mod unknown_keys;

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::sync::Notify;
use uuid::Uuid;

use super::*;
use crate::adapters::system::SystemIds;
use crate::adapters::tokens::secret_key::{SecretKey, SecretKeys};
use crate::domain::{Algorithm, Role, SessionId, SigningKey, SigningKeyStatus, Timestamp, UserId};
use crate::ports::store::SigningKeyReader;
use crate::ports::{
    AccessClaims, AccessTokenError, AccessTokens, Clock, KeyFactory, PublishedKeys, Store, StoreError,
    UnitOfWork, UnsignedToken,
};

const ALGORITHMS: [Algorithm; 4] = [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Rs256, Algorithm::Hs256];
/// In seconds since 1970.
const NOW: i64 = 1_800_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000).unwrap()
}

fn secret() -> SecretKeys {
    given("a secret key of thirty-two bytes").into()
}

fn given(secret: &str) -> SecretKey {
    SecretKey::given(&secret.into())
}

fn claims() -> AccessClaims {
    AccessClaims {
        user_id: UserId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001)),
        session_id: SessionId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0002)),
        role: Role::Admin,
        issued_at: at(NOW),
        expires_at: at(NOW + 900),
    }
}

fn unsigned() -> UnsignedToken {
    UnsignedToken { claims: claims(), audience: None, of_user: Vec::new() }
}

/// A clock that stands still until a test sets it, in seconds.
struct SetClock(AtomicI64);

impl SetClock {
    fn set(&self, seconds: i64) {
        self.0.store(seconds, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        at(self.0.load(Ordering::SeqCst))
    }

    fn monotonic(&self) -> Duration {
        unreachable!("tokens are good until a moment")
    }
}

/// The signing keys of a store that can be disconnected and that counts its reads.
#[derive(Default)]
struct KeyStore {
    keys: Mutex<Vec<SigningKey>>,
    cut_off: AtomicBool,
    reads: AtomicUsize,
    /// A read that takes the next hold waits, with the keys that it has read, until it is released.
    hold: AtomicBool,
    held: Notify,
    released: Notify,
}

impl KeyStore {
    /// Makes the next read wait for [`release`](Self::release) after it has read the keys.
    fn hold_next_read(&self) {
        self.hold.store(true, Ordering::SeqCst);
    }

    async fn is_held(&self) {
        self.held.notified().await;
    }

    fn release(&self) {
        self.released.notify_one();
    }

    /// Adds a key of this algorithm that signs from now on. The previous one is retired.
    fn rotate(&self, algorithm: Algorithm) -> Option<SigningKey> {
        let key = active(JwtKeyFactory::new(algorithm, &secret()).generate(at(NOW)).unwrap()?);
        let mut keys = self.keys.lock().unwrap();
        for key in keys.iter_mut() {
            key.status = SigningKeyStatus::Retired;
        }
        keys.push(key.clone());
        Some(key)
    }

    fn reads(&self) -> usize {
        self.reads.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl SigningKeyReader for KeyStore {
    async fn all(&self) -> Result<Vec<SigningKey>, StoreError> {
        // Other tasks run while the store is busy, as with a real one.
        tokio::task::yield_now().await;
        self.reads.fetch_add(1, Ordering::SeqCst);
        if self.cut_off.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("cut off".to_owned()));
        }
        let keys = self.keys.lock().unwrap().clone();
        if self.hold.swap(false, Ordering::SeqCst) {
            self.held.notify_one();
            self.released.notified().await;
        }
        Ok(keys)
    }
}

#[async_trait]
impl Store for KeyStore {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        unreachable!("tokens change nothing")
    }

    fn inner(&self) -> &dyn Store {
        unreachable!("only signing keys are read")
    }

    fn signing_keys(&self) -> &dyn SigningKeyReader {
        self
    }
}

/// Replicas that share a store and a clock.
struct World {
    store: Arc<KeyStore>,
    clock: Arc<SetClock>,
}

impl World {
    /// Starts with a key of the algorithm, unless it is derived.
    fn new(algorithm: Algorithm) -> Self {
        let world = Self { store: Arc::default(), clock: Arc::new(SetClock(NOW.into())) };
        world.store.rotate(algorithm);
        world
    }

    fn replica(&self, algorithm: Algorithm) -> JwtAccessTokens {
        self.replica_for(algorithm, "https://id.example.com")
    }

    fn replica_for(&self, algorithm: Algorithm, audience: &str) -> JwtAccessTokens {
        self.replica_under(&secret(), algorithm, audience)
    }

    fn replica_under(&self, secrets: &SecretKeys, algorithm: Algorithm, audience: &str) -> JwtAccessTokens {
        let settings = JwtSettings {
            issuer: "https://id.example.com".to_owned(),
            audience: audience.to_owned(),
            lifetime: Duration::from_mins(15),
            remembered: 100,
        };
        let (store, clock) = (Arc::clone(&self.store), Arc::clone(&self.clock));
        JwtAccessTokens::new(settings, algorithm, secrets, store, clock, Arc::new(SystemIds))
    }
}

/// Makes a key active.
fn active(key: SigningKey) -> SigningKey {
    SigningKey { status: SigningKeyStatus::Active, activated_at: Some(key.created_at), ..key }
}

async fn signed(replica: &JwtAccessTokens) -> String {
    replica.sign(&unsigned()).await.unwrap().expose_secret().to_owned()
}

/// Returns the header (0) or the claims (1) of a token.
fn part(token: &str, number: usize) -> Value {
    let segment = token.split('.').nth(number).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(segment).unwrap()).unwrap()
}
