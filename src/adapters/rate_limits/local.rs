use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{is_given_back, refused};
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
            let is_penalty = drawn.remaining_wait(now.as_micros()) > 0;
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

    /// Refuses subjects that are known to wait, and those whose budget this process alone has exhausted; but for budgets whose
    /// draws are forgiven, since that may have happened at another replica. Draws on none.
    pub(super) fn check(&self, charges: &[Charge], now: Timestamp) -> Result<(), RateLimited> {
        let all = self.lock();
        for charge in charges {
            let Some(drawn) = all.get(charge) else { continue };
            let (limit, waits) = (charge.limit, drawn.remaining_wait(now.as_micros()));
            let refused = |wait| refused(limit, &self.budgets, wait, waits > 0);
            if waits > 0 {
                return Err(refused(Duration::from_micros(waits.unsigned_abs())));
            }
            if !is_given_back(limit) {
                self.budgets.of(limit).draw(&mut drawn.clone(), now).map_err(refused)?;
            }
        }
        Ok(())
    }

    /// Has a subject wait.
    pub(super) fn wait(&self, charge: &Charge, now: Timestamp, wait: Duration) {
        let mut all = self.lock();
        let drawn = all.get(charge).copied().unwrap_or_default();
        let waits = Drawn { waits_until: now.plus(wait).as_micros(), ..drawn };
        self.put(&mut all, charge, waits, now);
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
