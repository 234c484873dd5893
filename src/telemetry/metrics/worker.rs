use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Counter, Histogram};

/// In microseconds: from milliseconds, where nothing is amiss, to hours, where something was.
const BOUNDS: &[u64] = &[
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    30_000_000,
    60_000_000,
    300_000_000,
    3_600_000_000,
];

/// Events and jobs.
#[derive(Debug, Default)]
pub struct WorkerCounts {
    /// Events that were handed on.
    pub published: Counter,
    /// Events that could not be, each time.
    pub not_published: Counter,
    handlers: Mutex<BTreeMap<&'static str, Arc<HandlerCounts>>>,
    removed: Mutex<BTreeMap<&'static str, u64>>,
}

/// What came of the events of one handler.
#[derive(Debug)]
pub struct HandlerCounts {
    /// From when an event happened to when its effect was committed.
    pub done: Histogram,
    /// Tries that failed.
    pub failed: Counter,
    /// Events that were given up.
    pub dead: Counter,
}

impl WorkerCounts {
    /// Those of a handler, to be asked for once.
    pub fn handler(&self, name: &'static str) -> Arc<HandlerCounts> {
        let none = || HandlerCounts {
            done: Histogram::new(BOUNDS),
            failed: Counter::default(),
            dead: Counter::default(),
        };
        let mut handlers = self.handlers.lock().unwrap_or_else(PoisonError::into_inner);
        handlers.entry(name).or_insert_with(|| Arc::new(none())).clone()
    }

    /// Notes how many rows a job removed.
    pub fn removed(&self, job: &'static str, rows: u64) {
        *self.removed.lock().unwrap_or_else(PoisonError::into_inner).entry(job).or_default() += rows;
    }

    /// Every handler's, by name.
    #[must_use]
    pub fn all_handlers(&self) -> Vec<(&'static str, Arc<HandlerCounts>)> {
        let handlers = self.handlers.lock().unwrap_or_else(PoisonError::into_inner);
        handlers.iter().map(|(name, counts)| (*name, counts.clone())).collect()
    }

    /// How many rows each job has removed.
    #[must_use]
    pub fn all_removed(&self) -> BTreeMap<&'static str, u64> {
        self.removed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
