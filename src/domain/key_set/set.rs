use super::change::KeyChange;
use super::rejection::KeyRejection;
use crate::domain::signing_key::{Algorithm, KeyId, SigningKey, SigningKeyStatus};
use crate::domain::timestamp::Timestamp;

/// All signing keys, and the changes that are going to be made to them.
///
/// The stages of a key, and what each transition waits for:
///
/// ```text
/// pending ──► active ──► retired ──► removed
///          1          2           3
/// ```
///
/// 1. until every service that caches the key set has the key ([`SigningKey::known_at`]);
/// 2. for its successor, which becomes active at the same moment;
/// 3. until no token that it signed is valid ([`SigningKey::removable_at`]).
#[derive(Debug)]
pub struct KeySet {
    pub(super) keys: Vec<SigningKey>,
    pub(super) algorithm: Algorithm,
    pub(super) now: Timestamp,
    pub(super) spare: Option<SigningKey>,
    pub(super) changes: Vec<KeyChange>,
}

impl KeySet {
    /// The keys at `now`. `algorithm` is the configured one. `spare` becomes a key of the set if one is
    /// needed.
    #[must_use]
    pub const fn new(
        keys: Vec<SigningKey>,
        algorithm: Algorithm,
        now: Timestamp,
        spare: Option<SigningKey>,
    ) -> Self {
        Self { keys, algorithm, now, spare, changes: Vec::new() }
    }

    /// Whether there is no key in any stage.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The changes so far, in the order in which they are to be made.
    #[must_use]
    pub fn changes(&self) -> &[KeyChange] {
        &self.changes
    }

    /// The key that signs: the active one of the configured algorithm, or until there is one, the newest
    /// active one of another algorithm.
    #[must_use]
    pub fn signing(&self) -> Option<&SigningKey> {
        let active = self.keys.iter().filter(|key| key.status == SigningKeyStatus::Active);
        active.max_by_key(|key| (key.algorithm == self.algorithm, key.activated_at))
    }

    /// Whether the keys are derived from the secret key, so that none of these signs.
    #[must_use]
    pub fn is_derived(&self) -> bool {
        self.algorithm == Algorithm::Hs256
    }

    pub(super) fn active(&self, algorithm: Algorithm) -> Option<&SigningKey> {
        self.keys.iter().find(|key| key.status == SigningKeyStatus::Active && key.algorithm == algorithm)
    }

    /// The pending key of the configured algorithm that is going to be active.
    #[must_use]
    pub fn planned(&self) -> Option<&SigningKey> {
        self.pending().filter(|key| key.activates_at.is_some())
    }

    /// The pending key of the configured algorithm that is used first: one whose activation is planned, or
    /// the one that has been published longest.
    pub(super) fn pending(&self) -> Option<&SigningKey> {
        let pending = self.keys.iter().filter(|key| key.status == SigningKeyStatus::Pending);
        let pending = pending.filter(|key| key.algorithm == self.algorithm);
        pending.min_by_key(|key| (key.activates_at.is_none(), key.created_at))
    }

    /// The key with this id.
    pub fn find(&self, id: &KeyId) -> Result<&SigningKey, KeyRejection> {
        self.keys.iter().find(|key| key.id == *id).ok_or(KeyRejection::NotFound)
    }

    pub(super) fn set_retired(&mut self, id: &KeyId) -> Result<(), KeyRejection> {
        let now = self.now;
        self.change(id, KeyChange::Retired, |key| {
            key.status = SigningKeyStatus::Retired;
            (key.activates_at, key.retired_at) = (None, Some(now));
        })
    }

    pub(super) fn change(
        &mut self,
        id: &KeyId,
        kind: fn(SigningKey) -> KeyChange,
        change: impl FnOnce(&mut SigningKey),
    ) -> Result<(), KeyRejection> {
        let key = self.keys.iter_mut().find(|key| key.id == *id).ok_or(KeyRejection::NotFound)?;
        change(key);
        self.changes.push(kind(key.clone()));
        Ok(())
    }

    pub(super) fn take(
        &mut self,
        id: &KeyId,
        kind: fn(SigningKey) -> KeyChange,
        change: impl FnOnce(&mut SigningKey),
    ) -> Result<(), KeyRejection> {
        self.change(id, kind, change)?;
        self.keys.retain(|key| key.id != *id);
        Ok(())
    }
}
