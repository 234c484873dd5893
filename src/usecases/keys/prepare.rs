use std::sync::Arc;

use crate::domain::SigningKeyStatus;
use crate::ports::{Clock, Constraint, KeyError, KeyFactory, Store, StoreError};
use crate::usecases::failure::{Failure, fails};

/// Ensures that there is an active signing key: on the first start, and after a change of the algorithm.
pub struct PrepareSigningKey {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) keys: Arc<dyn KeyFactory>,
    pub(in crate::usecases) clock: Arc<dyn Clock>,
}

/// Why there is no active signing key.
#[derive(Debug, thiserror::Error)]
pub enum PrepareSigningKeyError {
    /// The stored key was sealed under another secret key. Nothing that was signed or issued under that
    /// secret key is valid under this one.
    #[error("the signing keys in the database were encrypted with another secret key")]
    OtherSecret,
    /// A failure common to all use cases.
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
    /// Safe when several processes run it at once: the store allows one active key, and the others use that
    /// one.
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
            // Not a key that another process has made since the look above: tokens that it signed would be
            // unknown to processes that look for a key once a second.
            work.signing_keys().retire_others(key.algorithm, now).await?;
            match work.signing_keys().insert(&key).await {
                Ok(()) => return Ok(work.commit().await?),
                Err(StoreError::Conflict(Constraint::ActiveSigningKey)) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}
