use std::time::Duration;

use super::changer::{ChangeKeyError, KeyChanger, KeyChanges};
use crate::domain::{Actor, KeySet};

/// Makes each change of the signing keys whose time has come: a rotation, a change of the configured
/// algorithm, the end of a retired key.
pub struct KeepUpKeys {
    pub(in crate::usecases) key_changer: KeyChanger,
    pub(in crate::usecases) rotate_every: Option<Duration>,
}

impl KeepUpKeys {
    /// Makes all changes in one unit of work.
    pub async fn run(&self) -> Result<KeyChanges, ChangeKeyError> {
        let keep_up = |keys: &mut KeySet| keys.keep_up(self.rotate_every).map(|()| Vec::new());
        self.key_changer.run(Actor::Service, false, keep_up).await
    }
}
