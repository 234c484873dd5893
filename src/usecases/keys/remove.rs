use super::changer::{ChangeKeyError, KeyChanger, KeyChanges};
use crate::domain::{Actor, KeyId, KeySet};

/// Removes a key: its tokens are not accepted any more.
pub struct RemoveKey {
    pub(in crate::usecases) key_changer: KeyChanger,
}

impl RemoveKey {
    /// Refuses an active key, and while a token that it signed may be valid, unless `force`.
    pub async fn run(
        &self,
        id: &KeyId,
        force: bool,
        dry_run: bool,
        actor: Actor,
    ) -> Result<KeyChanges, ChangeKeyError> {
        let remove = |keys: &mut KeySet| Ok(Vec::from_iter(keys.remove(id, force)?));
        self.key_changer.run(actor, dry_run, remove).await
    }
}
