use std::sync::Arc;

use crate::ports::{KeyError, KeyFactory, Store};
use crate::usecases::failure::Failure;

/// Seals stored signing keys again under the current secret key, so that the previous one can be dropped.
pub struct SealSigningKeys {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) keys: Arc<dyn KeyFactory>,
}

impl SealSigningKeys {
    /// Returns the number of keys that were sealed again. Safe when several processes run it at once, even if
    /// some of them have the two secret keys in reverse: a row changes only if it still contains the value
    /// that was read. A key that neither secret key opens stays unchanged: it is useless without the secret
    /// it was sealed under, and usable again with it.
    pub async fn run(&self) -> Result<usize, Failure> {
        let mut sealed = Vec::new();
        for key in self.store.signing_keys().all().await? {
            match self.keys.seal_again(&key) {
                Ok(Some(after)) => sealed.push((key, after)),
                Ok(None) | Err(KeyError::OtherSecret) => {}
                Err(error @ KeyError::Failed) => return Err(Failure::Broken(error.to_string())),
            }
        }
        if sealed.is_empty() {
            return Ok(0);
        }
        let (mut work, mut replaced) = (self.store.begin().await?, 0);
        for (key, after) in sealed {
            if work.signing_keys().replace_sealed(&key.id, &key.sealed_private, &after).await? {
                replaced += 1;
            }
        }
        work.commit().await?;
        Ok(replaced)
    }
}
