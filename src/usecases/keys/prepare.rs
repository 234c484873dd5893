use std::sync::Arc;

use super::changer::{ChangeKeyError, KeyChanger};
use crate::domain::{Actor, KeyRejection, KeySet};
use crate::ports::{Clock, KeyError, KeyFactory, Store, StoreError};
use crate::usecases::failure::Failure;

/// Ensures that there is an active signing key, and after a change of the algorithm, that one of the new
/// algorithm is published.
pub struct PrepareSigningKey {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) keys: Arc<dyn KeyFactory>,
    pub(in crate::usecases) clock: Arc<dyn Clock>,
    pub(in crate::usecases) key_changer: KeyChanger,
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

impl From<StoreError> for PrepareSigningKeyError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<ChangeKeyError> for PrepareSigningKeyError {
    fn from(error: ChangeKeyError) -> Self {
        Self::Failed(error.into_failure())
    }
}

impl From<KeyError> for PrepareSigningKeyError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::OtherSecret => Self::OtherSecret,
            KeyError::Failed => Self::Failed(Failure::Broken(error.to_string())),
        }
    }
}

impl PrepareSigningKey {
    /// Safe when several processes run it at once: the store allows one active key per algorithm and one that
    /// is going to be active, and the others use that one.
    ///
    /// A key of another algorithm is not replaced at once: services that cache the key set would refuse the
    /// tokens of a new key. The worker makes the staged key active when it is known.
    pub async fn run(&self) -> Result<(), PrepareSigningKeyError> {
        let keys = self.store.signing_keys().all().await?;
        let mut set = KeySet::new(keys, self.keys.algorithm(), self.clock.now(), None);
        if set.is_derived() {
            return Ok(());
        }
        if let Some(signing) = set.signing() {
            self.keys.check(signing)?;
        }
        // Without a change, without a lock.
        if prepare(&mut set).is_ok() && set.changes().is_empty() {
            return Ok(());
        }
        let decide = |keys: &mut KeySet| prepare(keys).map(|()| Vec::new());
        self.key_changer.run(Actor::Service, false, decide).await?;
        Ok(())
    }
}

fn prepare(keys: &mut KeySet) -> Result<(), KeyRejection> {
    keys.ensure_signing()?;
    keys.follow_algorithm()
}
