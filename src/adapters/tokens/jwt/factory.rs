//! Makes new signing keys.

use super::key::{self, Key};
use super::pem;
use super::seal::Sealing;
use crate::adapters::tokens::secret_key::SecretKeys;
use crate::domain::{Algorithm, SigningKey, SigningKeyStatus, Timestamp};
use crate::ports::{KeyError, KeyFactory};

/// Makes signing keys of one algorithm, encrypted under the secret key.
pub struct JwtKeyFactory {
    algorithm: Algorithm,
    sealing: Sealing,
}

impl JwtKeyFactory {
    /// Creates the factory. Does not make a key yet.
    #[must_use]
    pub fn new(algorithm: Algorithm, secrets: &SecretKeys) -> Self {
        Self { algorithm, sealing: Sealing::new(secrets) }
    }
}

impl KeyFactory for JwtKeyFactory {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn generate(&self, now: Timestamp) -> Result<Option<SigningKey>, KeyError> {
        let Some(private) = key::generate(self.algorithm)? else { return Ok(None) };
        let key = Key::from_private(self.algorithm, &private)?;
        let public = key.public().ok_or(KeyError::Failed)?;
        Ok(Some(SigningKey {
            id: key.id().clone(),
            algorithm: self.algorithm,
            status: SigningKeyStatus::Pending,
            public_jwk: public.0.clone(),
            sealed_private: self.sealing.seal(key.id(), &private).map_err(|_| KeyError::Failed)?,
            created_at: now,
            activates_at: None,
            activated_at: None,
            retired_at: None,
            compromised_at: None,
        }))
    }

    fn seal_again(&self, key: &SigningKey) -> Result<Option<Vec<u8>>, KeyError> {
        if self.sealing.is_present(&key.id, &key.sealed_private) {
            return Ok(None);
        }
        let private = self.sealing.open(&key.id, &key.sealed_private).ok_or(KeyError::OtherSecret)?;
        self.sealing.seal(&key.id, &private).map(Some).map_err(|_| KeyError::Failed)
    }

    fn public_pem(&self, key: &SigningKey) -> Result<String, KeyError> {
        let private = self.sealing.open(&key.id, &key.sealed_private).ok_or(KeyError::OtherSecret)?;
        pem::public_pem(key.algorithm, &private)
    }

    fn check(&self, key: &SigningKey) -> Result<(), KeyError> {
        Key::open(key, &self.sealing).map(drop)
    }
}
