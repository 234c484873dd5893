//! Seals signing keys under the current secret key during a rotation of the secret key.

use std::time::Duration;

use crate::usecases::{Failure, SealSigningKeys};

/// How often a process with two secret keys looks for signing keys that are not sealed under the current one.
const PAUSE: Duration = Duration::from_mins(1);

/// Repeats for as long as the process has two secret keys: a replica that has the two in reverse may seal or
/// add keys under the other one until it is replaced.
pub(super) async fn keep_sealed(signing_keys: &SealSigningKeys) {
    loop {
        tokio::time::sleep(PAUSE).await;
        if let Err(error) = seal(signing_keys).await {
            tracing::warn!(%error, "failed to encrypt signing keys with the current secret key, retrying");
        }
    }
}

pub(super) async fn seal(signing_keys: &SealSigningKeys) -> Result<(), Failure> {
    let sealed = signing_keys.run().await?;
    if sealed > 0 {
        tracing::info!(keys = sealed, "signing keys encrypted with the current secret key");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use async_trait::async_trait;
    use tokio::time::timeout;

    use super::*;
    use crate::adapters::tokens::jwt::JwtKeyFactory;
    use crate::adapters::tokens::secret_key::SecretKey;
    use crate::domain::{Algorithm, SigningKey};
    use crate::ports::store::SigningKeyReader;
    use crate::ports::{Store, StoreError, UnitOfWork};

    /// An unreachable store that counts the reads of its signing keys.
    #[derive(Default)]
    struct OutOfReach(AtomicUsize);

    #[async_trait]
    impl SigningKeyReader for OutOfReach {
        async fn all(&self) -> Result<Vec<SigningKey>, StoreError> {
            self.0.fetch_add(1, Ordering::SeqCst);
            Err(StoreError::Unavailable("out of reach".to_owned()))
        }
    }

    #[async_trait]
    impl Store for OutOfReach {
        async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
            unreachable!("there is no key to change")
        }

        fn inner(&self) -> &dyn Store {
            unreachable!("only signing keys are read")
        }

        fn signing_keys(&self) -> &dyn SigningKeyReader {
            self
        }
    }

    #[tokio::test(start_paused = true)]
    async fn signing_keys_are_looked_at_every_minute_whatever_happens() {
        let store = Arc::new(OutOfReach::default());
        let secret = SecretKey::given(&"a secret key of thirty-two bytes".into()).into();
        let keys = Arc::new(JwtKeyFactory::new(Algorithm::Es256, &secret));
        let signing_keys = SealSigningKeys { store: store.clone(), keys };
        let five_minutes = Duration::from_secs(5 * 60 + 1);
        assert!(timeout(five_minutes, keep_sealed(&signing_keys)).await.is_err(), "it never ends");
        assert_eq!(store.0.load(Ordering::SeqCst), 5);
    }
}
