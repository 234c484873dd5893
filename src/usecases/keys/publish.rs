use std::sync::Arc;

use crate::ports::{AccessTokens, PublishedKeys};
use crate::usecases::failure::Failure;

/// Returns the public keys, with which other services verify access tokens without asking this one.
pub struct PublishKeys {
    pub(in crate::usecases) access_tokens: Arc<dyn AccessTokens>,
}

impl PublishKeys {
    /// The members of the JWK set (RFC 7517): each key that signs, will sign, or signed tokens that may still
    /// be valid.
    pub async fn run(&self) -> Result<PublishedKeys, Failure> {
        Ok(self.access_tokens.public_keys().await?)
    }
}
