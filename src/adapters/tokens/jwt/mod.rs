//! Access tokens as signed JWTs (RFC 9068), and the keys they are signed with.
//!
//! **Here**: [`JwtAccessTokens`] and [`JwtKeyFactory`]. A token is taken apart (`token`), its key is found by name
//! among those of the store (`key_ring`), and its claims are checked (`claims`). One that was
//! good is remembered (`verified`), since its signature takes ten times as long as the rest of a request. A private key (`key`) lies in the
//! store encrypted (`seal`).
//!
//! **May use**: `ports`, `domain`, [`SecretKeys`], moka, jsonwebtoken and, to make keys, aws-lc-rs. jsonwebtoken makes and
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
mod verified;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;

use self::claims::{Claims, has_expired, was_issued};
pub use self::factory::JwtKeyFactory;
use self::key_ring::KeyRing;
use self::token::{Token, sign};
use self::verified::VerifiedTokens;
use super::secret_key::SecretKeys;
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
    /// How many tokens are remembered to have been verified.
    pub remembered: u64,
}

/// Signs and verifies access tokens with the keys of the store, which all replicas share.
pub struct JwtAccessTokens {
    settings: JwtSettings,
    ring: KeyRing,
    verified: VerifiedTokens,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl JwtAccessTokens {
    /// With HS256 the key is derived from the secret; with any other algorithm the store's active key signs,
    /// whatever its own is. Keys that are still published verify in both cases. Reads no key yet.
    pub fn new(
        settings: JwtSettings,
        algorithm: Algorithm,
        secrets: &SecretKeys,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        let ring = KeyRing::new(algorithm, secrets, store, Arc::clone(&clock));
        let verified = VerifiedTokens::new(settings.remembered, settings.lifetime);
        Self { settings, ring, verified, clock, ids }
    }
}

#[async_trait]
impl AccessTokens for JwtAccessTokens {
    fn lifetime(&self) -> Duration {
        self.settings.lifetime
    }

    async fn check(&self) -> Result<(), AccessTokenError> {
        self.ring.signing().await.map(drop)
    }

    async fn sign(&self, claims: &AccessClaims) -> Result<SecretString, AccessTokenError> {
        let key = self.ring.signing().await?;
        sign(&Claims::new(claims, &self.settings, self.ids.uuid()), &key)
    }

    async fn verify(&self, token: &str) -> Result<AccessClaims, AccessTokenError> {
        let text = token;
        if let Some(known) = self.verified.get(text) {
            // What may have changed since: the key was withdrawn, time has passed.
            self.ring.named(&known.key_id).await?;
            let (claims, now) = (&known.claims, self.clock.now());
            return match () {
                () if !was_issued(claims, now) => Err(AccessTokenError::Invalid),
                () if has_expired(claims, now) => Err(AccessTokenError::Expired),
                () => Ok(claims.clone()),
            };
        }
        let token = Token::parse(text).ok_or(AccessTokenError::Invalid)?;
        let key_id = token.key_id().to_owned();
        let key = self.ring.named(&key_id).await?;
        let payload = token.verify(&key).ok_or(AccessTokenError::Invalid)?;
        let now = self.clock.now();
        let claims = Claims::parse(&payload)
            .and_then(|claims| claims.check(&self.settings, now))
            .ok_or(AccessTokenError::Invalid)?;
        if has_expired(&claims, now) {
            return Err(AccessTokenError::Expired);
        }
        self.verified.remember(text, key_id, claims.clone());
        Ok(claims)
    }

    async fn public_keys(&self) -> Result<Vec<PublicJwk>, AccessTokenError> {
        self.ring.published().await
    }
}
