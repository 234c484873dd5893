use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The cost of verifying a password hash: its scheme and parameters, and the lengths of its salt and output,
/// never the salt or the output. Only the password hasher understands the text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct HashCost(Arc<str>);

/// The share of each hash cost among all accounts, in slots. An email address without an account gets the
/// hash cost of its slot.
///
/// A census remembers the previous cost of each slot. When the shares change, a slot changes only from a cost
/// that lost accounts to one that gained accounts. So an email address without an account changes its cost as
/// an account does whose hash is replaced. A change that no account can make would reveal that there is none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HashCensus {
    /// `None` is the cost of a new hash, before the first census.
    slots: Vec<Option<HashCost>>,
}

impl HashCost {
    /// Wraps the text without checking it.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text to store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HashCost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Default for HashCensus {
    fn default() -> Self {
        Self { slots: vec![None; Self::SLOTS] }
    }
}

impl HashCensus {
    /// The number of slots of a census.
    pub const SLOTS: usize = 1000;
    /// The greatest number of costs with slots. Rarer costs have none.
    const MOST_COSTS: usize = 250;

    /// Builds a census from runs of slots with the same cost, in order. Returns `None` unless there are
    /// exactly [`Self::SLOTS`] slots.
    #[must_use]
    pub fn from_runs(runs: impl IntoIterator<Item = (Option<HashCost>, usize)>) -> Option<Self> {
        let mut slots = Vec::with_capacity(Self::SLOTS);
        for (cost, length) in runs {
            if length > Self::SLOTS - slots.len() {
                return None;
            }
            slots.extend(std::iter::repeat_n(cost, length));
        }
        (slots.len() == Self::SLOTS).then_some(Self { slots })
    }

    /// The runs of slots with the same cost, in order.
    pub fn runs(&self) -> impl Iterator<Item = (Option<&HashCost>, usize)> {
        self.slots
            .chunk_by(|one, next| one == next)
            .map(|run| (run.first().and_then(Option::as_ref), run.len()))
    }

    /// The hash cost of the email address with this MAC.
    #[must_use]
    pub fn cost_of(&self, mac: &[u8]) -> Option<&HashCost> {
        let high = u64::from_be_bytes(*mac.first_chunk()?);
        let slot = (u128::from(high) * Self::SLOTS as u128) >> 64;
        self.slots.get(usize::try_from(slot).unwrap_or_default())?.as_ref()
    }

    /// The census after accounts were counted, with as few changed slots as the shares allow. Each counted
    /// cost has at least one slot, however rare it is. Without accounts nothing changes.
    #[must_use]
    pub fn counted(&self, accounts: &BTreeMap<HashCost, u64>) -> Self {
        let mut left = shares(accounts);
        if left.is_empty() {
            return self.clone();
        }
        let keep = |cost: &Option<HashCost>| {
            let left = left.get_mut(cost.as_ref()?)?;
            *left = left.checked_sub(1)?;
            cost.clone()
        };
        let mut slots: Vec<_> = self.slots.iter().map(keep).collect();
        let mut gained = left.into_iter().flat_map(|(cost, number)| std::iter::repeat_n(cost, number));
        for slot in slots.iter_mut().filter(|slot| slot.is_none()) {
            *slot = gained.next();
        }
        Self { slots }
    }
}

/// The number of slots per cost: in proportion to its accounts, at least one each, and [`HashCensus::SLOTS`]
/// in total.
fn shares(accounts: &BTreeMap<HashCost, u64>) -> BTreeMap<HashCost, usize> {
    let mut counted: Vec<_> = accounts.iter().filter(|(_, number)| **number > 0).collect();
    // The sort is stable, so the same ones of equally frequent costs are kept each time.
    counted.sort_by_key(|(_, number)| std::cmp::Reverse(**number));
    counted.truncate(HashCensus::MOST_COSTS);
    let total: u128 = counted.iter().map(|(_, number)| u128::from(**number)).sum();
    // The cost, its slots, and the remainder of its exact share. The largest remainders get one more slot
    // each.
    let mut shares: Vec<(&HashCost, usize, u128)> = counted
        .iter()
        .map(|(cost, number)| {
            let exact = u128::from(**number) * HashCensus::SLOTS as u128;
            match usize::try_from(exact / total.max(1)).unwrap_or_default() {
                0 => (*cost, 1, 0),
                whole => (*cost, whole, exact % total.max(1)),
            }
        })
        .collect();
    let mut sum: usize = shares.iter().map(|(_, share, _)| share).sum();
    while sum > HashCensus::SLOTS {
        let Some(largest) = shares.iter_mut().max_by_key(|(_, share, _)| *share) else { break };
        largest.1 -= 1;
        sum -= 1;
    }
    let mut by_remainder: Vec<_> = shares.iter_mut().collect();
    by_remainder.sort_by_key(|(_, _, remainder)| std::cmp::Reverse(*remainder));
    for share in by_remainder.into_iter().take(HashCensus::SLOTS.saturating_sub(sum)) {
        share.1 += 1;
    }
    shares.into_iter().map(|(cost, share, _)| (cost.clone(), share)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(counts: &[(&str, u64)]) -> BTreeMap<HashCost, u64> {
        counts.iter().map(|(cost, number)| (HashCost::new(cost), *number)).collect()
    }

    fn slots_of(census: &HashCensus, cost: &str) -> usize {
        census.slots.iter().flatten().filter(|slot| slot.as_str() == cost).count()
    }

    /// The number of slots that changed, by the cost before and the cost after.
    fn changes(before: &HashCensus, after: &HashCensus) -> BTreeMap<(String, String), usize> {
        let name = |slot: &Option<HashCost>| slot.as_ref().map_or("new", HashCost::as_str).to_owned();
        let mut changes = BTreeMap::new();
        for (before, after) in before.slots.iter().zip(&after.slots).filter(|(before, after)| before != after)
        {
            *changes.entry((name(before), name(after))).or_default() += 1;
        }
        changes
    }

    #[test]
    fn each_cost_has_its_share_and_a_rare_one_has_a_slot() {
        let empty = HashCensus::default();
        for (accounts, expected) in [
            (vec![("a", 7)], vec![1000]),
            (vec![("a", 1), ("b", 1), ("c", 1)], vec![334, 333, 333]),
            (vec![("a", 1), ("b", 3), ("gone", 0)], vec![250, 750, 0]),
            (vec![("a", 1_000_000), ("b", 1), ("c", 1)], vec![998, 1, 1]),
            (vec![("a", u64::MAX), ("b", u64::MAX)], vec![500, 500]),
        ] {
            let census = empty.counted(&counts(&accounts));
            let shares: Vec<_> = accounts.iter().map(|(cost, _)| slots_of(&census, cost)).collect();
            assert_eq!(shares, expected, "{accounts:?}");
            assert_eq!(census.slots.len(), HashCensus::SLOTS);
        }
        let many: Vec<_> = (0..2000).map(|number| (format!("{number:04}"), 2000 - number)).collect();
        let many: Vec<_> = many.iter().map(|(cost, number)| (cost.as_str(), *number)).collect();
        let census = empty.counted(&counts(&many));
        assert_eq!(["0000", "0249", "0250"].map(|cost| slots_of(&census, cost)), [4, 4, 0]);
        assert!(census.slots.iter().all(Option::is_some));
    }

    #[test]
    fn without_accounts_a_census_stays_as_it_is() {
        let census = HashCensus::default().counted(&counts(&[("a", 1), ("b", 2)]));
        assert_eq!(census.counted(&counts(&[])), census);
        assert_eq!(HashCensus::default().counted(&counts(&[("a", 0)])), HashCensus::default());
        assert_eq!(census.counted(&counts(&[("a", 1), ("b", 2)])), census);
    }

    #[test]
    fn slots_change_only_from_a_cost_that_lost_to_one_that_gained() {
        let first =
            HashCensus::default().counted(&counts(&[("bcrypt", 500), ("scrypt", 200), ("argon2", 300)]));
        // A hundred users with bcrypt hashes have logged in.
        let second = first.counted(&counts(&[("bcrypt", 400), ("scrypt", 200), ("argon2", 400)]));
        let moved = |from: &str, to: &str, number| ((from.to_owned(), to.to_owned()), number);
        assert_eq!(changes(&first, &second), BTreeMap::from([moved("bcrypt", "argon2", 100)]));
        let third = second.counted(&counts(&[("scrypt", 100), ("argon2", 900)]));
        let expected = [moved("bcrypt", "argon2", 400), moved("scrypt", "argon2", 100)];
        assert_eq!(changes(&second, &third), BTreeMap::from(expected));
    }

    #[test]
    fn addresses_have_costs_in_proportion_and_each_always_the_same() {
        let census = HashCensus::default().counted(&counts(&[("a", 20), ("b", 50), ("c", 30)]));
        let mut found = BTreeMap::new();
        // The high bytes of a multiplicative sequence are spread evenly, as those of a MAC are.
        for number in 0..10_000_u64 {
            let mac = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
            let cost = census.cost_of(&mac).unwrap().clone();
            assert_eq!(census.cost_of(&mac), Some(&cost));
            *found.entry(cost).or_insert(0_u32) += 1;
        }
        for (cost, expected) in [("a", 2000), ("b", 5000), ("c", 3000)] {
            let found = found[&HashCost::new(cost)];
            assert!(found.abs_diff(expected) < 150, "{cost}: {found} of 10,000");
        }
        assert_eq!(census.cost_of(&[0; 8]).map(HashCost::as_str), Some("a"));
        assert_eq!(census.cost_of(&[255; 8]).map(HashCost::as_str), Some("c"));
        assert_eq!(HashCensus::default().cost_of(&[0; 8]), None);
    }

    #[test]
    fn a_census_is_the_same_after_it_was_stored() {
        let census = HashCensus::default().counted(&counts(&[("a", 1), ("b", 2)]));
        let census = census.counted(&counts(&[("a", 2), ("b", 1)]));
        let runs: Vec<_> = census.runs().map(|(cost, length)| (cost.cloned(), length)).collect();
        assert_eq!(HashCensus::from_runs(runs.clone()), Some(census));
        assert_eq!(HashCensus::from_runs(runs.into_iter().take(1)), None, "too few");
        assert_eq!(HashCensus::from_runs([(None, 1001)]), None, "too many");
        assert_eq!(HashCensus::from_runs([(None, 1000)]), Some(HashCensus::default()));
    }
}
