use std::sync::Arc;

use crate::domain::{SigningKey, SigningKeyStatus};
use crate::ports::{CheckOutcome, InspectedToken, KeyError, KeyFactory, Store, StoreError, TokenPart};
use crate::usecases::failure::Failure;

/// Finds the stored keys of access tokens that an operator presents.
#[derive(Clone)]
pub struct StoredKeys {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) keys: Arc<dyn KeyFactory>,
}

/// Why a stored signing key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoredKeyError {
    /// It was sealed under another secret key. Nothing that was signed or issued under that secret key is
    /// valid under this one, and this process cannot judge it.
    #[error("the signing keys in the database were encrypted with another secret key")]
    OtherSecret,
    /// A failure common to all use cases.
    #[error(transparent)]
    Failed(Failure),
}

impl From<StoreError> for StoredKeyError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<KeyError> for StoredKeyError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::OtherSecret => Self::OtherSecret,
            KeyError::Failed => Self::Failed(Failure::Broken(error.to_string())),
        }
    }
}

impl StoredKeys {
    /// Returns the key that a token names, if it is stored. If the key has leaked, the failed check of the
    /// token says so.
    pub(in crate::usecases) async fn of(
        &self,
        token: &mut InspectedToken,
    ) -> Result<Option<SigningKey>, StoredKeyError> {
        let Some(id) = &token.key_id else { return Ok(None) };
        let keys = self.store.signing_keys().all().await?;
        let Some(key) = keys.into_iter().find(|key| key.id.0 == *id) else { return Ok(None) };
        if key.status != SigningKeyStatus::Compromised {
            self.keys.check(&key)?;
        } else if let Some(check) = token.checks.iter_mut().find(|check| check.part == TokenPart::Key) {
            let at = key.compromised_at.map(|at| format!(" at {at}")).unwrap_or_default();
            let why = format!("the key {id} was declared compromised{at}: all of its tokens are refused");
            check.outcome = CheckOutcome::Failed(why);
        }
        Ok(Some(key))
    }
}
