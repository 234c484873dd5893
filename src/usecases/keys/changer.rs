use std::sync::Arc;

use crate::domain::{
    Actor, EventKind, KeyBreak, KeyChange, KeyFacts, KeyRejection, KeySet, SigningKey, SigningKeyStatus,
    Timestamp,
};
use crate::ports::{Constraint, KeyError, KeyFactory, Store, StoreError, UnitOfWork};
use crate::usecases::failure::Failure;
use crate::usecases::journal::Journal;

/// Changes signing keys: all changes of one decision with their events, or none.
#[derive(Clone)]
pub struct KeyChanger {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) keys: Arc<dyn KeyFactory>,
    pub(in crate::usecases) journal: Journal,
}

/// The changes that were made, and what they break.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyChanges {
    /// The changes, in their order.
    pub changes: Vec<KeyChange>,
    /// The consequences of changes that were made before their time.
    pub breaks: Vec<KeyBreak>,
    /// The pending key that is going to be active.
    pub planned: Option<SigningKey>,
}

/// Why the signing keys were not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeKeyError {
    /// A rule of the keys refuses the change.
    #[error(transparent)]
    Refused(KeyRejection),
    /// Other processes changed the keys at the same time, again and again.
    #[error("other processes change the signing keys at the same time: try again")]
    Busy,
    /// A failure common to all use cases.
    #[error(transparent)]
    Failed(Failure),
}

impl From<KeyRejection> for ChangeKeyError {
    fn from(rejection: KeyRejection) -> Self {
        Self::Refused(rejection)
    }
}

impl From<StoreError> for ChangeKeyError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Constraint::SigningKeyStage) => Self::Busy,
            error => Self::Failed(error.into()),
        }
    }
}

impl From<KeyError> for ChangeKeyError {
    fn from(error: KeyError) -> Self {
        Self::Failed(Failure::Broken(error.to_string()))
    }
}

impl ChangeKeyError {
    /// The failure, for a change that no operator asked for: there is no one to refuse it to.
    #[must_use]
    pub fn into_failure(self) -> Failure {
        match self {
            Self::Failed(failure) => failure,
            Self::Refused(_) | Self::Busy => Failure::Unavailable(self.to_string()),
        }
    }
}

/// How often a change is decided again when another process was faster.
const ATTEMPTS: u32 = 4;

impl KeyChanger {
    /// Makes the changes that `decide` makes to the set of keys. With `dry_run` it returns them, and makes
    /// none.
    pub(in crate::usecases) async fn run(
        &self,
        actor: Actor,
        dry_run: bool,
        decide: impl Fn(&mut KeySet) -> Result<Vec<KeyBreak>, KeyRejection>,
    ) -> Result<KeyChanges, ChangeKeyError> {
        let mut spare = None;
        for _ in 0..ATTEMPTS {
            let mut work = self.store.begin().await?;
            let (keys, now) = (work.signing_keys().lock_all().await?, self.journal.now());
            // The first key of an installation is no event: no service has read a key set.
            let is_event = !keys.is_empty();
            let mut set = KeySet::new(keys, self.keys.algorithm(), now, spare.clone());
            let breaks = match decide(&mut set) {
                // Not while the keys are locked: an RSA key takes a second.
                Err(KeyRejection::NeedsKey) if spare.is_none() => {
                    drop(work);
                    spare = Some(self.keys.generate(now)?.ok_or(KeyRejection::Derived)?);
                    continue;
                }
                decided => decided?,
            };
            let done =
                KeyChanges { changes: set.changes().to_vec(), breaks, planned: set.planned().cloned() };
            if dry_run || done.changes.is_empty() {
                return Ok(done);
            }
            match self.make(&mut *work, &done.changes, actor, now, is_event).await {
                Ok(()) => {}
                Err(ChangeKeyError::Busy) => continue,
                Err(error) => return Err(error),
            }
            work.commit().await?;
            return Ok(done);
        }
        Err(ChangeKeyError::Busy)
    }

    async fn make(
        &self,
        work: &mut dyn UnitOfWork,
        changes: &[KeyChange],
        actor: Actor,
        at: Timestamp,
        is_event: bool,
    ) -> Result<(), ChangeKeyError> {
        for change in changes {
            if let KeyChange::Activated(key) = change {
                // Under another secret key it would sign nothing.
                self.keys.check(key)?;
            }
            let keys = work.signing_keys();
            match change {
                KeyChange::Generated(key) => keys.insert(key).await?,
                KeyChange::Removed(key) => keys.delete(&key.id).await?,
                KeyChange::Planned(key)
                | KeyChange::Activated(key)
                | KeyChange::Retired(key)
                | KeyChange::Compromised(key) => keys.set_stage(key).await?,
            }
            if let Some(kind) = event_of(change).filter(|_| is_event) {
                self.journal.append(&mut *work, &change.key().id, actor, at, kind).await?;
            }
        }
        Ok(())
    }
}

/// The event of a change. A compromised key is accepted no more, as a removed one; its row is kept only for
/// the sessions that are to be ended.
fn event_of(change: &KeyChange) -> Option<EventKind> {
    match change {
        KeyChange::Generated(key) => Some(EventKind::KeyGenerated(KeyFacts::of(key))),
        KeyChange::Planned(key) => Some(EventKind::KeyPlanned(KeyFacts::of(key))),
        KeyChange::Activated(key) => Some(EventKind::KeyActivated(KeyFacts::of(key))),
        KeyChange::Retired(key) => Some(EventKind::KeyRetired(KeyFacts::of(key))),
        KeyChange::Removed(key) if key.status == SigningKeyStatus::Compromised => None,
        KeyChange::Removed(key) | KeyChange::Compromised(key) => {
            Some(EventKind::KeyRemoved(KeyFacts::removed(key)))
        }
    }
}
