use std::sync::Arc;

use crate::domain::SigningKey;
use crate::ports::{KeyError, KeyFactory, Store};
use crate::usecases::failure::Failure;

/// Lists the signing keys.
pub struct ListKeys {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) keys: Arc<dyn KeyFactory>,
}

impl ListKeys {
    /// All keys, oldest first.
    pub async fn run(&self) -> Result<Vec<SigningKey>, Failure> {
        Ok(self.store.signing_keys().all().await?)
    }

    /// The public part of a key as PEM. Fails if the key was encrypted under another secret key.
    pub fn public_pem(&self, key: &SigningKey) -> Result<String, KeyError> {
        self.keys.public_pem(key)
    }
}
