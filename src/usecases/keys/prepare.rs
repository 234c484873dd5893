use std::sync::Arc;

use super::changer::KeyChanger;
use crate::domain::{Actor, KeyRejection, KeySet};
use crate::ports::{Clock, KeyFactory, Store};
use crate::usecases::rules::stored_key::StoredKeyError;

/// Ensures that there is an active signing key, and after a change of the algorithm, that one of the new
/// algorithm is published.
pub struct PrepareSigningKey {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) keys: Arc<dyn KeyFactory>,
    pub(in crate::usecases) clock: Arc<dyn Clock>,
    pub(in crate::usecases) key_changer: KeyChanger,
}

impl PrepareSigningKey {
    /// Safe when several processes run it at once: the store allows one active key per algorithm and one that
    /// is going to be active, and the others use that one.
    ///
    /// A key of another algorithm is not replaced at once: services that cache the key set would refuse the
    /// tokens of a new key. The worker makes the staged key active when it is known.
    pub async fn run(&self) -> Result<(), StoredKeyError> {
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
        let changed = self.key_changer.run(Actor::Service, false, decide).await;
        changed.map(drop).map_err(|error| StoredKeyError::Failed(error.into_failure()))
    }
}

fn prepare(keys: &mut KeySet) -> Result<(), KeyRejection> {
    keys.ensure_signing()?;
    keys.follow_algorithm()
}
