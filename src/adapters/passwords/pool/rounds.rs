use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::{FairShare, Prefix};
use crate::ports::Origin;
use crate::telemetry::metrics::GaugeGuard;

/// A single origin uses at most a quarter of a queue.
const PARTS: usize = 4;

/// The places of a queue. They are served in rounds, with at most one place per origin in each round. A new
/// origin is served within the next round, however many places others have in later ones.
#[derive(Default)]
pub(super) struct Rounds(Mutex<Queue>);

/// The places of a queue at one moment.
#[derive(Default)]
pub(super) struct Queue {
    /// The round that is being served.
    current: u64,
    /// The rounds in which each origin has a place.
    of_origin: HashMap<Key, BTreeSet<u64>>,
    /// The number of places in each round.
    places: BTreeMap<u64, usize>,
}

/// A property that jobs have in common, and for which they have a common share.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Client(Prefix),
    Account(Arc<str>),
}

/// A place in a queue. Dropping it frees the place.
pub(super) struct Place {
    rounds: Arc<Rounds>,
    round: u64,
    keys: Vec<Key>,
    _counted: GaugeGuard,
}

impl Key {
    /// Returns the client and the account, as far as they are known.
    pub(super) fn of(origin: &Origin) -> Vec<Self> {
        let client = origin.client.map(Self::Client);
        client.into_iter().chain(origin.account.clone().map(Self::Account)).collect()
    }
}

impl Rounds {
    /// Reserves a place for a job with these keys, if `is_admitted` allows it.
    pub(super) fn take(
        self: &Arc<Self>,
        keys: Vec<Key>,
        counted: GaugeGuard,
        is_admitted: impl FnOnce(&Queue) -> bool,
    ) -> Option<Place> {
        let mut queue = self.lock();
        if !is_admitted(&queue) {
            return None;
        }
        let round = queue.next_round(&keys);
        for key in &keys {
            queue.of_origin.entry(key.clone()).or_default().insert(round);
        }
        *queue.places.entry(round).or_default() += 1;
        drop(queue);
        Some(Place { rounds: Arc::clone(self), round, keys, _counted: counted })
    }

    /// Returns the number of reserved places.
    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    /// Returns the number of reserved places.
    pub(super) fn len(&self) -> usize {
        self.places.values().sum()
    }

    /// Returns the number of reserved places with this key.
    pub(super) fn len_of(&self, key: &Key) -> usize {
        self.of_origin.get(key).map_or(0, BTreeSet::len)
    }

    /// Returns how many places are served before the next one with these keys.
    pub(super) fn len_before(&self, keys: &[Key]) -> usize {
        self.places.range(..=self.next_round(keys)).map(|(_, places)| places).sum()
    }

    /// Returns whether the share of each of these keys allows one more job to wait. `room` is how many jobs
    /// may wait in the queue; jobs in the first `begin_at_once` places do not wait.
    pub(super) fn is_within_share(&self, keys: &[Key], room: usize, begin_at_once: usize) -> bool {
        let free = room.saturating_sub(self.len().saturating_sub(begin_at_once));
        let share = FairShare { whole: room, parts: PARTS };
        keys.iter().all(|key| {
            let own = self.len_of(key).saturating_sub(begin_at_once);
            own == 0 || share.allows(own, 1, free)
        })
    }

    fn next_round(&self, keys: &[Key]) -> u64 {
        let taken = keys.iter().filter_map(|key| self.of_origin.get(key)?.last().copied());
        taken.fold(self.current, u64::max) + 1
    }
}

impl Place {
    /// Returns the round in which the place is served.
    pub(super) const fn round(&self) -> u64 {
        self.round
    }

    /// Frees the place because its job begins.
    pub(super) fn begin(self) {
        let mut queue = self.rounds.lock();
        queue.current = queue.current.max(self.round);
        drop(queue);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut queue = self.rounds.lock();
        for key in &self.keys {
            if let Some(rounds) = queue.of_origin.get_mut(key) {
                rounds.remove(&self.round);
                if rounds.is_empty() {
                    queue.of_origin.remove(key);
                }
            }
        }
        if let Some(places) = queue.places.get_mut(&self.round) {
            *places -= 1;
            if *places == 0 {
                queue.places.remove(&self.round);
            }
        }
    }
}
