use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;

use super::claims::{Claims, JwtSettings, Payload, has_expired, was_issued};
use super::key_ring::KeyRing;
use super::token::{Token, sign};
use super::verified::VerifiedTokens;
use crate::adapters::tokens::secret_key::SecretKeys;
use crate::domain::Algorithm;
use crate::ports::{
    AccessClaims, AccessTokenError, AccessTokens, Clock, Ids, InspectedToken, PublishedKeys, Store,
    UnsignedToken,
};

/// Signs and verifies access tokens with the keys of the store, which all replicas share.
pub struct JwtAccessTokens {
    pub(super) settings: JwtSettings,
    pub(super) ring: KeyRing,
    verified: VerifiedTokens,
    pub(super) clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl JwtAccessTokens {
    /// With HS256 the key is derived from the secret key. With any other algorithm the active key of that
    /// algorithm signs, and until there is one, the active key of another algorithm. Keys that are still
    /// published verify in both cases. Does not read a key yet.
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

    /// Follows the changes of other processes to the keys. Never ends. Without it, keys are read when they
    /// are used and old.
    pub async fn follow_keys(&self) {
        self.ring.follow().await;
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

    async fn sign(&self, token: &UnsignedToken) -> Result<SecretString, AccessTokenError> {
        let key = self.ring.signing().await?;
        sign(&Payload::new(token, &self.settings, self.ids.uuid()), &key)
    }

    async fn verify(&self, token: &str) -> Result<AccessClaims, AccessTokenError> {
        let text = token;
        if let Some(known) = self.verified.get(text) {
            // Two things may have changed since: the key may have been withdrawn, and time has passed.
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

    async fn inspect(&self, token: &str) -> Result<InspectedToken, AccessTokenError> {
        self.take_apart(token).await
    }

    async fn public_keys(&self) -> Result<PublishedKeys, AccessTokenError> {
        self.ring.published().await
    }
}
