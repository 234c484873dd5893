use std::time::Duration;

use super::change::KeyChange;
use super::rejection::{KeyBreak, KeyRejection};
use super::set::KeySet;
use crate::domain::signing_key::{SigningKey, SigningKeyStatus};
use crate::domain::timestamp::Timestamp;

/// How long the active key of another algorithm stays active beside that of the configured one: longer than
/// it takes to restart every replica with the changed setting.
const OTHER_ALGORITHM: Duration = Duration::from_hours(24);

impl KeySet {
    /// Ensures that a key signs, at once.
    pub fn ensure_signing(&mut self) -> Result<Option<KeyBreak>, KeyRejection> {
        if self.is_derived() || self.signing().is_some() {
            return Ok(None);
        }
        let is_first = self.keys.is_empty();
        let id = match self.pending().map(|key| key.id.clone()) {
            Some(pending) => pending,
            None => self.generate(None)?,
        };
        // Where there was no key, there is no service that has read the key set.
        Ok(self.activate(&id, true)?.filter(|_| !is_first))
    }

    /// Stages a key of the configured algorithm, if another algorithm signs and no key is going to be active.
    pub fn follow_algorithm(&mut self) -> Result<(), KeyRejection> {
        if self.is_derived() || self.active(self.algorithm).is_some() || self.planned().is_some() {
            return Ok(());
        }
        self.stage(self.now)
    }

    /// Takes the next step of a rotation. A pending key that is known becomes active, and otherwise at the
    /// moment at which it is; without a pending key one is generated. `force`: at once.
    pub fn rotate(&mut self, force: bool) -> Result<Option<KeyBreak>, KeyRejection> {
        let ready = self.pending().filter(|key| force || self.now >= key.known_at());
        match (ready.map(|key| key.id.clone()), force) {
            (Some(id), _) => self.activate(&id, force),
            (None, true) => {
                let id = self.generate_another()?;
                self.activate(&id, true)
            }
            (None, false) => self.stage(self.now).map(|()| None),
        }
    }

    /// Makes each change whose time has come. `rotate_every`: how long a key signs.
    pub fn keep_up(&mut self, rotate_every: Option<Duration>) -> Result<(), KeyRejection> {
        let now = self.now;
        self.ensure_signing()?;
        self.follow_algorithm()?;
        if let Some(planned) = self.planned()
            && planned.activates_at.is_some_and(|at| now >= at)
            && now >= planned.known_at()
        {
            let id = planned.id.clone();
            self.activate(&id, false)?;
        }
        if let Some(active) = self.active(self.algorithm)
            && let Some(activated) = active.activated_at
        {
            if now >= activated.plus(OTHER_ALGORITHM) {
                self.retire_other_algorithms()?;
            }
            let ends = rotate_every.map(|every| activated.plus(every));
            // Published in time to become active at that moment.
            if let Some(ends) = ends.filter(|ends| now.plus(SigningKey::PUBLICATION) >= *ends)
                && self.planned().is_none()
            {
                self.stage(ends)?;
            }
        }
        let over = |key: &&SigningKey| {
            key.status == SigningKeyStatus::Retired && key.removable_at().is_some_and(|at| now >= at)
        };
        for id in self.keys.iter().filter(over).map(|key| key.id.clone()).collect::<Vec<_>>() {
            self.remove(&id, false)?;
        }
        Ok(())
    }

    fn retire_other_algorithms(&mut self) -> Result<(), KeyRejection> {
        let other =
            |key: &&SigningKey| key.status == SigningKeyStatus::Active && key.algorithm != self.algorithm;
        for id in self.keys.iter().filter(other).map(|key| key.id.clone()).collect::<Vec<_>>() {
            self.set_retired(&id)?;
        }
        Ok(())
    }

    /// Plans the activation of a pending key, or of a new one, at `at` or when it is known if that is later.
    fn stage(&mut self, at: Timestamp) -> Result<(), KeyRejection> {
        if self.planned().is_some() {
            return Ok(());
        }
        let Some(pending) = self.pending() else { return self.generate(Some(at)).map(drop) };
        let (id, at) = (pending.id.clone(), at.max(pending.known_at()));
        self.change(&id, KeyChange::Planned, |key| key.activates_at = Some(at))
    }
}
