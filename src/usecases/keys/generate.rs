use super::changer::{ChangeKeyError, KeyChanger, KeyChanges};
use crate::domain::{Actor, KeySet};

/// Generates a pending key of the configured algorithm.
pub struct GenerateKey {
    pub(in crate::usecases) key_changer: KeyChanger,
}

impl GenerateKey {
    /// The key is published, and stays pending until an operator or a rotation makes it active.
    pub async fn run(&self, actor: Actor) -> Result<KeyChanges, ChangeKeyError> {
        let generate = |keys: &mut KeySet| keys.generate_another().map(|_| Vec::new());
        self.key_changer.run(actor, false, generate).await
    }
}
