use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::domain::{Budgets, Charge, Drawn, RateLimit, Timestamp};
use crate::ports::RateLimited;

/// How many subjects are remembered: an estimated 12 MB, or 40 MB if every email address has the maximum
/// length. Beyond it, the subjects that would be forgotten first anyway are forgotten.
pub(super) const MOST_SUBJECTS: usize = 100_000;

/// How long a process trusts a wait that Redis reported, without asking again: a right password at another
/// replica may have ended the wait.
const KNOWN_FOR: Duration = Duration::from_secs(2);

/// How many such waits are kept.
const MOST_REJECTIONS: usize = 10_000;

/// Draws that are given back after a right password end soon, so a client that finds a budget exhausted only
/// by such draws does not wait longer than this.
pub(super) const UNDECIDED: Duration = Duration::from_secs(1);

/// The counts of this process.
pub(super) struct Local {
    budgets: Arc<Budgets>,
    drawn: Mutex<HashMap<Charge, Drawn>>,
    rejections: Mutex<HashMap<Charge, Rejection>>,
}

/// A wait that Redis reported.
#[derive(Clone, Copy)]
struct Rejection {
    at: Timestamp,
    until: Timestamp,
}

impl Local {
    pub(super) fn new(budgets: Arc<Budgets>) -> Self {
        Self { budgets, drawn: Mutex::default(), rejections: Mutex::default() }
    }

    /// Draws on every budget, or on none.
    pub(super) fn draw(&self, charges: &[Charge], now: Timestamp) -> Result<(), RateLimited> {
        let mut all = lock(&self.drawn);
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

    /// Counts draws even if nothing is left.
    fn draw_anyway(&self, charges: &[Charge], now: Timestamp) {
        let mut all = lock(&self.drawn);
        for charge in charges {
            let mut drawn = all.get(charge).copied().unwrap_or_default();
            self.budgets.of(charge.limit).draw_anyway(&mut drawn, now);
            self.put(&mut all, charge, drawn, now);
        }
    }

    /// Refuses subjects that are known to wait.
    pub(super) fn check_reported(&self, charges: &[Charge], now: Timestamp) -> Result<(), RateLimited> {
        let rejections = lock(&self.rejections);
        for charge in charges {
            if let Some(Rejection { until, .. }) =
                rejections.get(charge).filter(|rejections| rejections.is_known(now))
            {
                return Err(refused(charge.limit, &self.budgets, until.since(now), true));
            }
        }
        Ok(())
    }

    /// Counts draws that Redis allowed. Refuses them if they exceed a budget in this process alone: then
    /// Redis has lost its counts. Where draws are given back, it counts but does not refuse: another replica
    /// may have given them back.
    pub(super) fn count(&self, charges: &[Charge], now: Timestamp) -> Result<(), RateLimited> {
        let (given_back, others): (Vec<_>, Vec<_>) =
            charges.iter().cloned().partition(|charge| is_given_back(charge.limit));
        self.draw(&others, now)?;
        self.draw_anyway(&given_back, now);
        Ok(())
    }

    /// Remembers for a moment that a subject waits.
    pub(super) fn was_reported(&self, charge: &Charge, now: Timestamp, wait: Duration) {
        let mut rejections = lock(&self.rejections);
        // Clearing costs one call of Redis for each subject.
        if rejections.len() >= MOST_REJECTIONS {
            rejections.clear();
        }
        rejections.insert(charge.clone(), Rejection { at: now, until: now.plus(wait) });
    }

    pub(super) fn give_back(&self, charge: &Charge) {
        if let Some(drawn) = lock(&self.drawn).get_mut(charge) {
            self.budgets.of(charge.limit).give_back(drawn);
        }
    }

    pub(super) fn penalize(&self, charge: &Charge, now: Timestamp) {
        if let Some(drawn) = lock(&self.drawn).get_mut(charge) {
            self.budgets.of(charge.limit).penalize(drawn, now);
        }
    }

    pub(super) fn forgive(&self, charge: &Charge) {
        lock(&self.rejections).remove(charge);
        lock(&self.drawn).remove(charge);
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
}

impl Rejection {
    fn is_known(self, now: Timestamp) -> bool {
        now.since(self.at) < KNOWN_FOR && now < self.until
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns whether draws of a limit are given back once their outcome is known.
pub(super) const fn is_given_back(limit: RateLimit) -> bool {
    matches!(limit, RateLimit::LogInFailures)
}

pub(super) fn refused(limit: RateLimit, budgets: &Budgets, wait: Duration, is_penalty: bool) -> RateLimited {
    let undecided = is_given_back(limit) && !is_penalty;
    let retry_after = if undecided { wait.min(UNDECIDED) } else { wait };
    RateLimited { limit, budget: budgets.of(limit), retry_after }
}

#[cfg(test)]
impl Local {
    pub(super) fn len(&self) -> usize {
        lock(&self.drawn).len()
    }
}
