use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::Prefix;
use crate::ports::Origin;
use crate::telemetry::metrics::GaugeGuard;

/// The part of the free places that one origin waits in at most, as a divisor. Alone it has at most a quarter
/// of a queue: then the other three quarters are free. The more origins wait, the less each of them has, so a
/// few do not fill the queue either.
const SHARE: usize = 3;

/// The places of a queue, and the order in which they are served: in rounds, in each of which an origin has
/// one place at most. A newcomer is served within the next round, however many places others have in later
/// ones.
#[derive(Default)]
pub(super) struct Rounds(Mutex<Queue>);

/// The places of a queue at one moment.
#[derive(Default)]
pub(super) struct Queue {
    /// The round that is served.
    current: u64,
    /// The rounds in which each origin has a place.
    of_origin: HashMap<Key, BTreeSet<u64>>,
    /// How many places each round has.
    places: BTreeMap<u64, usize>,
}

/// One thing that jobs have in common, and have a share for together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Client(Prefix),
    Account(Arc<str>),
}

/// A place in a queue, which is given up when this is dropped.
pub(super) struct Place {
    rounds: Arc<Rounds>,
    round: u64,
    keys: Vec<Key>,
    _counted: GaugeGuard,
}

impl Key {
    /// The client and the account, as far as they are known.
    pub(super) fn of(origin: &Origin) -> Vec<Self> {
        let client = origin.client.map(Self::Client);
        client.into_iter().chain(origin.account.clone().map(Self::Account)).collect()
    }
}

impl Rounds {
    /// Takes a place for a job with these keys, if it is admitted.
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

    /// How many places are taken.
    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    /// How many places are taken.
    pub(super) fn len(&self) -> usize {
        self.places.values().sum()
    }

    /// How many places with this key are taken.
    pub(super) fn len_of(&self, key: &Key) -> usize {
        self.of_origin.get(key).map_or(0, BTreeSet::len)
    }

    /// How many places are served before the next one with these keys.
    pub(super) fn len_before(&self, keys: &[Key]) -> usize {
        self.places.range(..=self.next_round(keys)).map(|(_, places)| places).sum()
    }

    /// Whether the share of each of these keys has one more place for a job that waits. A queue has room for
    /// so many jobs that wait, and jobs in the first `begin_at_once` places do not.
    pub(super) fn is_within_share(&self, keys: &[Key], room: usize, begin_at_once: usize) -> bool {
        let free = room.saturating_sub(self.len().saturating_sub(begin_at_once));
        keys.iter().all(|key| {
            let own = self.len_of(key).saturating_sub(begin_at_once);
            own == 0 || own * SHARE < free
        })
    }

    fn next_round(&self, keys: &[Key]) -> u64 {
        let taken = keys.iter().filter_map(|key| self.of_origin.get(key)?.last().copied());
        taken.fold(self.current, u64::max) + 1
    }
}

impl Place {
    /// The round in which the place is served.
    pub(super) const fn round(&self) -> u64 {
        self.round
    }

    /// Gives the place up because its job begins.
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
