use std::sync::Arc;

use crate::ports::{AccessTokens, PublicJwk};
use crate::usecases::failure::Failure;

/// Shows the public keys, so that others can verify access tokens without asking.
pub struct PublishKeys {
    /// Knows the keys.
    pub access_tokens: Arc<dyn AccessTokens>,
}

impl PublishKeys {
    /// The members of the RFC 7517 key set: every key that signs, will sign, or signed what may still be alive.
    pub async fn run(&self) -> Result<Vec<PublicJwk>, Failure> {
        Ok(self.access_tokens.public_keys().await?)
    }
}
