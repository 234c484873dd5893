use super::changer::{ChangeKeyError, KeyChanger, KeyChanges};
use crate::domain::{Actor, KeySet};

/// Takes the next step of a rotation of the key that signs.
pub struct RotateKey {
    pub(in crate::usecases) key_changer: KeyChanger,
}

impl RotateKey {
    /// Stages a key; once that is known to all services, makes it active. Before that moment nothing changes,
    /// unless `force`.
    pub async fn run(&self, force: bool, dry_run: bool, actor: Actor) -> Result<KeyChanges, ChangeKeyError> {
        let rotate = |keys: &mut KeySet| Ok(Vec::from_iter(keys.rotate(force)?));
        self.key_changer.run(actor, dry_run, rotate).await
    }
}
