use std::sync::Arc;

use crate::domain::SigningKeyStatus;
use crate::ports::{Clock, Constraint, KeyError, KeyFactory, Store, StoreError};
use crate::usecases::failure::{Failure, fails};

/// Makes sure that there is a key to sign with: on the first start, and after the algorithm was changed.
pub struct PrepareSigningKey {
    /// Keeps the key.
    pub store: Arc<dyn Store>,
    /// Makes it.
    pub keys: Arc<dyn KeyFactory>,
    /// Tells when.
    pub clock: Arc<dyn Clock>,
}

/// Why there is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub enum PrepareSigningKeyError {
    /// The one in the store was encrypted under another secret key. Nothing that was signed or handed out under
    /// that one can be used with this one.
    #[error("the signing keys in the database were encrypted under another secret key")]
    OtherSecret,
    /// The service could not.
    #[error(transparent)]
    Failed(Failure),
}
fails!(PrepareSigningKeyError);

impl From<KeyError> for PrepareSigningKeyError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::OtherSecret => Self::OtherSecret,
            KeyError::Failed => Self::Failed(Failure::Broken(error.to_string())),
        }
    }
}

impl PrepareSigningKey {
    /// Safe when any number of processes do it at once: the store lets one key be active, and the others take it.
    pub async fn run(&self) -> Result<(), PrepareSigningKeyError> {
        loop {
            let keys = self.store.signing_keys().all().await?;
            let active = keys.iter().find(|key| key.status == SigningKeyStatus::Active);
            if let Some(key) = active.filter(|key| key.algorithm == self.keys.algorithm()) {
                return Ok(self.keys.check(key)?);
            }
            let now = self.clock.now();
            let Some(key) = self.keys.generate(now)? else { return Ok(()) };
            let mut work = self.store.begin().await?;
            work.signing_keys().retire_active(now).await?;
            match work.signing_keys().insert(&key).await {
                Ok(()) => return Ok(work.commit().await?),
                Err(StoreError::Conflict(Constraint::ActiveSigningKey)) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}
