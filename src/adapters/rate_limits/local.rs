use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::refused;
use crate::domain::{Budgets, Charge, Drawn, Timestamp};
use crate::ports::RateLimited;

/// How many subjects are remembered: up to 30 MB. Beyond it, those are forgotten that would be forgotten first anyway.
pub(super) const MOST_SUBJECTS: usize = 100_000;

/// The counts in this process.
pub(super) struct Local {
    budgets: Arc<Budgets>,
    drawn: Mutex<HashMap<Charge, Drawn>>,
}

impl Local {
    pub(super) fn new(budgets: Arc<Budgets>) -> Self {
        Self { budgets, drawn: Mutex::default() }
    }

    /// Draws on every budget, or on none.
    pub(super) fn draw(&self, charges: &[Charge], now: Timestamp) -> Result<(), RateLimited> {
        let mut all = self.lock();
        let mut after = Vec::with_capacity(charges.len());
        for charge in charges {
            let mut drawn = all.get(charge).copied().unwrap_or_default();
            let is_penalty = drawn.waits_until > now.as_micros();
            self.budgets
                .of(charge.limit)
                .draw(&mut drawn, now)
                .map_err(|wait| refused(charge.limit, &self.budgets, wait, is_penalty))?;
            after.push(drawn);
        }
        for (charge, drawn) in charges.iter().zip(after) {
            self.put(&mut all, charge, drawn, now);
        }
        Ok(())
    }

    /// Counts draws that Redis allowed.
    pub(super) fn draw_anyway(&self, charges: &[Charge], now: Timestamp) {
        let mut all = self.lock();
        for charge in charges {
            let mut drawn = all.get(charge).copied().unwrap_or_default();
            self.budgets.of(charge.limit).draw_anyway(&mut drawn, now);
            self.put(&mut all, charge, drawn, now);
        }
    }

    /// Refuses subjects that are known to wait.
    pub(super) fn check_waits(&self, charges: &[Charge], now: Timestamp) -> Result<(), RateLimited> {
        let all = self.lock();
        for charge in charges {
            let until = all.get(charge).map_or(0, |drawn| drawn.waits_until);
            if let Ok(wait @ 1..) = u64::try_from(until - now.as_micros()) {
                return Err(refused(charge.limit, &self.budgets, Duration::from_micros(wait), true));
            }
        }
        Ok(())
    }

    /// Has a subject wait until a moment.
    pub(super) fn wait(&self, charge: &Charge, until: Timestamp) {
        let mut all = self.lock();
        let drawn = all.get(charge).copied().unwrap_or_default();
        let waits = Drawn { waits_until: until.as_micros(), ..drawn };
        self.put(&mut all, charge, waits, until);
    }

    pub(super) fn give_back(&self, charge: &Charge) {
        if let Some(drawn) = self.lock().get_mut(charge) {
            self.budgets.of(charge.limit).give_back(drawn);
        }
    }

    pub(super) fn penalize(&self, charge: &Charge, now: Timestamp) {
        if let Some(drawn) = self.lock().get_mut(charge) {
            self.budgets.of(charge.limit).penalize(drawn, now);
        }
    }

    pub(super) fn forgive(&self, charge: &Charge) {
        self.lock().remove(charge);
    }

    fn put(&self, all: &mut HashMap<Charge, Drawn>, charge: &Charge, drawn: Drawn, now: Timestamp) {
        if let Some(old) = all.get_mut(charge) {
            *old = drawn;
            return;
        }
        if all.len() >= MOST_SUBJECTS {
            self.make_room(all, now);
        }
        all.insert(charge.clone(), drawn);
    }

    /// Forgets the eighth of all subjects that would be forgotten first, so that this happens rarely.
    fn make_room(&self, all: &mut HashMap<Charge, Drawn>, now: Timestamp) {
        let remembered =
            |charge: &Charge, drawn: &Drawn| self.budgets.of(charge.limit).remembered_for(drawn, now);
        let mut times: Vec<Duration> = all.iter().map(|(charge, drawn)| remembered(charge, drawn)).collect();
        let (_, &mut longest_forgotten, _) = times.select_nth_unstable(MOST_SUBJECTS / 8);
        let mut left = MOST_SUBJECTS / 8;
        all.retain(|charge, drawn| {
            let goes = left > 0 && remembered(charge, drawn) <= longest_forgotten;
            left -= usize::from(goes);
            !goes
        });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Charge, Drawn>> {
        self.drawn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
impl Local {
    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }
}
