//! Access tokens as signed JWTs (RFC 9068), and the keys they are signed with.
//!
//! **Here**: [`JwtAccessTokens`] and [`JwtKeyFactory`]. A token is taken apart (`token`), its key is found by name
//! among those of the store (`key_ring`), and its claims are checked (`claims`). A private key (`key`) lies in the
//! store encrypted (`seal`).
//!
//! **May use**: `ports`, `domain`, [`SecretKey`], jsonwebtoken and, to make keys, aws-lc-rs. jsonwebtoken makes and
//! verifies signatures and writes JWKs; the rest is checked here, since it checks what RFC 8725 asks for only where it
//! is told to, member by member, and `typ` and `crit` never.
//!
//! **To add an algorithm**: a variant in `domain`, an arm in `key`, and its line in the tests.

mod claims;
mod factory;
mod key;
mod key_ring;
mod seal;
#[cfg(test)]
mod tests;
mod token;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;

use self::claims::Claims;
pub use self::factory::JwtKeyFactory;
use self::key_ring::KeyRing;
use self::token::{Token, sign};
use super::secret_key::SecretKey;
use crate::domain::Algorithm;
use crate::ports::{AccessClaims, AccessTokenError, AccessTokens, Clock, Ids, PublicJwk, Store};

/// What is the same in every token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JwtSettings {
    /// `iss`: the service's own URL.
    pub issuer: String,
    /// `aud`: whom the tokens are for.
    pub audience: String,
    /// How long a token lives unless somebody asks for another time.
    pub lifetime: Duration,
}

/// Signs and verifies access tokens with the keys of the store, which all replicas share.
pub struct JwtAccessTokens {
    settings: JwtSettings,
    ring: KeyRing,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl JwtAccessTokens {
    /// With HS256 the key is derived from the secret; with any other algorithm the store's active key signs,
    /// whatever its own is. Keys that are still published verify in both cases. Reads no key yet.
    pub fn new(
        settings: JwtSettings,
        algorithm: Algorithm,
        secret: &SecretKey,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        let ring = KeyRing::new(algorithm, secret, store, Arc::clone(&clock));
        Self { settings, ring, clock, ids }
    }
}

#[async_trait]
impl AccessTokens for JwtAccessTokens {
    fn lifetime(&self) -> Duration {
        self.settings.lifetime
    }

    async fn sign(&self, claims: &AccessClaims) -> Result<SecretString, AccessTokenError> {
        let key = self.ring.signing().await?;
        sign(&Claims::new(claims, &self.settings, self.ids.uuid()), &key)
    }

    async fn verify(&self, token: &str) -> Result<AccessClaims, AccessTokenError> {
        let token = Token::parse(token).ok_or(AccessTokenError::Invalid)?;
        let key = self.ring.named(token.key_id()).await?;
        let payload = token.verify(&key).ok_or(AccessTokenError::Invalid)?;
        Claims::parse(&payload)
            .and_then(|claims| claims.check(&self.settings, self.clock.now()))
            .ok_or(AccessTokenError::Invalid)
    }

    async fn check(&self) -> Result<(), AccessTokenError> {
        self.ring.signing().await.map(drop)
    }

    async fn public_keys(&self) -> Result<Vec<PublicJwk>, AccessTokenError> {
        self.ring.published().await
    }
}
