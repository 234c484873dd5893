use super::changer::{ChangeKeyError, KeyChanger, KeyChanges};
use crate::domain::{Actor, KeyId, KeySet};

/// Makes the tokens of a key invalid at once.
pub struct CompromiseKey {
    pub(in crate::usecases) key_changer: KeyChanger,
}

impl CompromiseKey {
    /// If the key signs, another one takes over at the same moment. The sessions whose tokens the key signed
    /// are ended by [`EndSignedSessions`](super::EndSignedSessions).
    pub async fn run(&self, id: &KeyId, dry_run: bool, actor: Actor) -> Result<KeyChanges, ChangeKeyError> {
        self.key_changer.run(actor, dry_run, |keys: &mut KeySet| keys.compromise(id)).await
    }
}
