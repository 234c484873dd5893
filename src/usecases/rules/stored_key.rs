use std::sync::Arc;

use crate::domain::{EventType, KeyId, SigningKey, SigningKeyStatus, Subject};
use crate::ports::events::{History, PastEvent};
use crate::ports::{CheckOutcome, InspectedToken, KeyError, KeyFactory, Store, StoreError, TokenPart};
use crate::usecases::failure::Failure;

/// The maximum number of past events of a key that are read.
const EVENTS: u32 = 100;

/// Finds the stored keys of access tokens that an operator presents, and the past of these keys.
#[derive(Clone)]
pub struct StoredKeys {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) keys: Arc<dyn KeyFactory>,
    pub(in crate::usecases) history: Arc<dyn History>,
}

/// The key that an access token names.
#[derive(Clone, Debug, Default)]
pub struct NamedKey {
    /// The key, if it is stored: one that was removed is not.
    pub key: Option<SigningKey>,
    /// Its events that are still stored, oldest first.
    pub past: Vec<PastEvent>,
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
    /// Verifies that this process has the secret key of the service, as far as stored signing keys show it.
    pub(in crate::usecases) async fn check_secret(&self) -> Result<(), StoredKeyError> {
        let keys = self.store.signing_keys().all().await?;
        for key in keys.iter().filter(|key| key.status == SigningKeyStatus::Active) {
            self.keys.check(key)?;
        }
        Ok(())
    }

    /// Returns the key that a token names. If the key has leaked or was removed, the failed check of the
    /// token says so.
    pub(in crate::usecases) async fn of(
        &self,
        token: &mut InspectedToken,
    ) -> Result<NamedKey, StoredKeyError> {
        let Some(id) = token.key_id.clone().map(KeyId) else { return Ok(NamedKey::default()) };
        let keys = self.store.signing_keys().all().await?;
        let key = keys.into_iter().find(|key| key.id == id);
        let past = self.history.of_object(Subject::from(&id), &id.0, EVENTS).await?;
        let refused = match &key {
            Some(key) if key.status == SigningKeyStatus::Compromised => {
                let at = key.compromised_at.map(|at| format!(" at {at}")).unwrap_or_default();
                Some(format!("the key {id} was declared compromised{at}: all of its tokens are refused"))
            }
            Some(key) => {
                self.keys.check(key)?;
                None
            }
            None => removal(&past).map(|removed| {
                let why = if removed.is_compromised { "declared compromised" } else { "removed" };
                let (at, by) = (removed.at, removed.by(None));
                format!("the key {id} was {why} at {at} by {by}: all of its tokens are refused")
            }),
        };
        if let Some(why) = refused
            && let Some(check) = token.checks.iter_mut().find(|check| check.part == TokenPart::Key)
        {
            check.outcome = CheckOutcome::Failed(why);
        }
        Ok(NamedKey { key, past })
    }
}

/// The event with which the tokens of a key were refused from then on.
fn removal(past: &[PastEvent]) -> Option<&PastEvent> {
    past.iter().find(|event| event.event_type() == Some(EventType::KeyRemoved))
}
