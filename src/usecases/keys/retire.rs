use super::changer::{ChangeKeyError, KeyChanger, KeyChanges};
use crate::domain::{Actor, KeyId, KeySet};

/// Ends the signing of a key, or withdraws a pending one.
pub struct RetireKey {
    pub(in crate::usecases) key_changer: KeyChanger,
}

impl RetireKey {
    /// Refuses the key that signs, unless `force`.
    pub async fn run(
        &self,
        id: &KeyId,
        force: bool,
        dry_run: bool,
        actor: Actor,
    ) -> Result<KeyChanges, ChangeKeyError> {
        let retire = |keys: &mut KeySet| Ok(Vec::from_iter(keys.retire(id, force)?));
        self.key_changer.run(actor, dry_run, retire).await
    }
}
