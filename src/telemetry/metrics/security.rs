use super::numbers::Counter;
use crate::ports::{Door, Outcome};

/// Counts of security decisions.
#[derive(Debug, Default)]
pub struct SecurityCounts {
    decisions: [[Counter; Outcome::WORDS.len()]; Door::WORDS.len()],
}

impl SecurityCounts {
    /// Counts a decision.
    pub fn count(&self, door: Door, outcome: Outcome) {
        self.decisions[door as usize][outcome as usize].add(1);
    }

    /// The operation, outcome and count of each decision that occurred.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &'static str, u64)> + '_ {
        Door::WORDS.iter().zip(&self.decisions).flat_map(|(door, outcomes)| {
            let counted = Outcome::WORDS.iter().zip(outcomes).map(|(outcome, count)| (outcome, count.get()));
            counted.filter(|(_, count)| *count > 0).map(|(outcome, count)| (*door, *outcome, count))
        })
    }
}
