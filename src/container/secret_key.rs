//! The secret key: a setting, or a file.

use super::error::BuildError;
use super::missing::{Missing, absolute, is_missing};
use crate::adapters::tokens::secret_key::{SecretKey, SecretKeys};
use crate::config::{SecretKeySource, SecuritySettings};

/// The present secret key, and the previous one during a change.
pub(super) fn secret_keys(security: &SecuritySettings, missing: Missing) -> Result<SecretKeys, BuildError> {
    let previous = security.previous_secret_key.as_ref().map(SecretKey::given);
    Ok(SecretKeys::new(secret_key(&security.secret_key, missing)?, previous))
}

fn secret_key(source: &SecretKeySource, missing: Missing) -> Result<SecretKey, BuildError> {
    match source {
        SecretKeySource::Given(text) => Ok(SecretKey::given(text)),
        SecretKeySource::File(path) => {
            let read = match missing {
                Missing::Created => SecretKey::read_or_create(path),
                Missing::Refused if is_missing(path) => return Err(BuildError::NoSecretKey(absolute(path))),
                Missing::Refused | Missing::Replaced => SecretKey::read_or_forget(path),
            };
            let (key, created) =
                read.map_err(|error| BuildError::SecretKey(format!("{}: {error}", path.display())))?;
            if created {
                tracing::info!(path = %path.display(), "secret key generated; back it up with the database");
            }
            Ok(key)
        }
    }
}
