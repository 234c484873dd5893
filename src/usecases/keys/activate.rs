use super::changer::{ChangeKeyError, KeyChanger, KeyChanges};
use crate::domain::{Actor, KeyId, KeySet};

/// Makes a pending key the one that signs.
pub struct ActivateKey {
    pub(in crate::usecases) key_changer: KeyChanger,
}

impl ActivateKey {
    /// Retires the active key of the same algorithm. Refuses a key that services which cache the key set may
    /// not have, unless `force`.
    pub async fn run(
        &self,
        id: &KeyId,
        force: bool,
        dry_run: bool,
        actor: Actor,
    ) -> Result<KeyChanges, ChangeKeyError> {
        let activate = |keys: &mut KeySet| Ok(Vec::from_iter(keys.activate(id, force)?));
        self.key_changer.run(actor, dry_run, activate).await
    }
}
