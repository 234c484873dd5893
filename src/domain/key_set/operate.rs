use super::change::KeyChange;
use super::rejection::{KeyBreak, KeyRejection};
use super::set::KeySet;
use crate::domain::signing_key::{KeyId, SigningKey, SigningKeyStatus};
use crate::domain::timestamp::Timestamp;

impl KeySet {
    /// The limit of pending keys that operators generate. A rotation needs one.
    const MOST_PENDING: usize = 10;
    /// The limit of published keys up to which operators generate more: a service that verifies tokens loads
    /// all of them.
    const MOST_PUBLISHED: usize = 100;

    /// Fails if an operator may not add a key to the published ones. Keys that the service needs, such as the
    /// successor of a compromised one, have no limit.
    fn refuse_too_many(&self) -> Result<(), KeyRejection> {
        let is = |status| move |key: &&SigningKey| key.status == status;
        let pending = self.keys.iter().filter(is(SigningKeyStatus::Pending)).count();
        let published = self.keys.len() - self.keys.iter().filter(is(SigningKeyStatus::Compromised)).count();
        if pending >= Self::MOST_PENDING {
            Err(KeyRejection::TooManyPending(pending))
        } else if published >= Self::MOST_PUBLISHED {
            Err(KeyRejection::TooManyPublished(published))
        } else {
            Ok(())
        }
    }

    /// Stages one more key for an operator, within the limits.
    pub fn generate_another(&mut self) -> Result<KeyId, KeyRejection> {
        self.refuse_too_many()?;
        self.generate(None)
    }

    /// Stages a key. With `activates_at`, it becomes active then, or when it is known if that is later.
    pub fn generate(&mut self, planned: Option<Timestamp>) -> Result<KeyId, KeyRejection> {
        if self.is_derived() {
            return Err(KeyRejection::Derived);
        }
        let spare = self.spare.take().ok_or(KeyRejection::NeedsKey)?;
        let key = SigningKey { created_at: self.now, ..spare };
        let activates_at = planned.map(|at| at.max(key.known_at()));
        let key = SigningKey { activates_at, ..key };
        let id = key.id.clone();
        self.changes.push(KeyChange::Generated(key.clone()));
        self.keys.push(key);
        Ok(id)
    }

    /// Makes a pending key active, and retires the active key of its algorithm. `force`: also before it is
    /// known.
    pub fn activate(&mut self, id: &KeyId, force: bool) -> Result<Option<KeyBreak>, KeyRejection> {
        let key = self.find(id)?;
        if key.status != SigningKeyStatus::Pending {
            return Err(KeyRejection::WrongStage(key.status, "activated"));
        }
        let known_at = key.known_at();
        let early = (self.now < known_at).then_some(KeyBreak::NewTokensRefused(known_at));
        if early.is_some() && !force {
            return Err(KeyRejection::TooEarly(known_at));
        }
        let algorithm = key.algorithm;
        if let Some(before) = self.active(algorithm).map(|key| key.id.clone()) {
            self.set_retired(&before)?;
        }
        let now = self.now;
        self.change(id, KeyChange::Activated, |key| {
            key.status = SigningKeyStatus::Active;
            (key.activates_at, key.activated_at) = (None, Some(now));
        })?;
        Ok(early)
    }

    /// Retires an active key, or withdraws a pending one. `force`: also the key that signs.
    pub fn retire(&mut self, id: &KeyId, force: bool) -> Result<Option<KeyBreak>, KeyRejection> {
        let key = self.find(id)?;
        match key.status {
            SigningKeyStatus::Pending | SigningKeyStatus::Active => {}
            other => return Err(KeyRejection::WrongStage(other, "retired")),
        }
        let active = self.keys.iter().filter(|key| key.status == SigningKeyStatus::Active).count();
        let signs = key.status == SigningKeyStatus::Active && active == 1 && !self.is_derived();
        if signs && !force {
            return Err(KeyRejection::Signs);
        }
        self.set_retired(id)?;
        Ok(signs.then_some(KeyBreak::NothingSigns))
    }

    /// Removes a key that is not active. `force`: also while a token that it signed may be valid.
    pub fn remove(&mut self, id: &KeyId, force: bool) -> Result<Option<KeyBreak>, KeyRejection> {
        let key = self.find(id)?;
        let removable = key.removable_at().ok_or(KeyRejection::WrongStage(key.status, "removed"))?;
        let early = (self.now < removable).then_some(KeyBreak::TokensRefused(removable));
        if early.is_some() && !force {
            return Err(KeyRejection::StillValid(removable));
        }
        self.take(id, KeyChange::Removed, |_| {})?;
        Ok(early)
    }

    /// Makes the tokens of a key invalid at once. If it was the key that signs, the pending key that has been
    /// published longest, or else a new one, becomes active at once.
    pub fn compromise(&mut self, id: &KeyId) -> Result<Vec<KeyBreak>, KeyRejection> {
        let (key, now) = (self.find(id)?, self.now);
        let (has_signed, removable) = (key.activated_at.is_some(), key.removable_at());
        match key.status {
            SigningKeyStatus::Compromised => return Err(KeyRejection::WrongStage(key.status, "changed")),
            _ if has_signed => {
                self.change(id, KeyChange::Compromised, |key| {
                    key.status = SigningKeyStatus::Compromised;
                    key.retired_at = key.retired_at.or(Some(now));
                    key.compromised_at = Some(now);
                })?;
            }
            _ => {
                self.take(id, KeyChange::Removed, |key| key.compromised_at = Some(now))?;
            }
        }
        let mut breaks = Vec::new();
        if has_signed {
            let valid = removable.unwrap_or(now.plus(SigningKey::LONGEST_TOKEN).plus(SigningKey::CLOCK_SKEW));
            breaks.push(KeyBreak::TokensRefused(valid));
            breaks.push(KeyBreak::AcceptedElsewhere(now.plus(SigningKey::FOLLOWED).plus(SigningKey::CACHED)));
        }
        breaks.extend(self.ensure_signing()?);
        Ok(breaks)
    }
}
