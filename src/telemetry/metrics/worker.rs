use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::numbers::{Counter, Histogram};

/// In microseconds: from milliseconds, the normal case, to hours, after a failure.
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

/// Counts of events and jobs.
#[derive(Debug, Default)]
pub struct WorkerCounts {
    /// How often the relay and the jobs have looked for work.
    pub turns: Counter,
    /// Events that were relayed.
    pub published: Counter,
    /// Failed attempts to relay an event.
    pub not_published: Counter,
    /// Requests to register that no worker answered in time.
    pub expired_registrations: Counter,
    handlers: Mutex<BTreeMap<&'static str, Arc<HandlerCounts>>>,
    removed: Mutex<BTreeMap<&'static str, u64>>,
}

/// Counts of the events of one handler.
#[derive(Debug)]
pub struct HandlerCounts {
    /// From the time of an event to the commit of its effect.
    pub done: Histogram,
    /// Failed attempts.
    pub failed: Counter,
    /// Dead letters.
    pub dead: Counter,
}

impl WorkerCounts {
    /// The counts of a handler. Look them up once and keep them.
    pub fn handler(&self, name: &'static str) -> Arc<HandlerCounts> {
        let none = || HandlerCounts {
            done: Histogram::new(BOUNDS),
            failed: Counter::default(),
            dead: Counter::default(),
        };
        let mut handlers = self.handlers.lock().unwrap_or_else(PoisonError::into_inner);
        handlers.entry(name).or_insert_with(|| Arc::new(none())).clone()
    }

    /// Counts and logs requests to register that were dropped, because no worker answered them in time.
    pub fn registrations_expired(&self, dropped: u64) {
        if dropped > 0 {
            self.expired_registrations.add(dropped);
            tracing::warn!(dropped, "registrations expired, no worker answered them in time");
        }
    }

    /// Counts the rows that a job removed.
    pub fn removed(&self, job: &'static str, rows: u64) {
        *self.removed.lock().unwrap_or_else(PoisonError::into_inner).entry(job).or_default() += rows;
    }

    /// The counts of all handlers, by name.
    #[must_use]
    pub fn all_handlers(&self) -> Vec<(&'static str, Arc<HandlerCounts>)> {
        let handlers = self.handlers.lock().unwrap_or_else(PoisonError::into_inner);
        handlers.iter().map(|(name, counts)| (*name, counts.clone())).collect()
    }

    /// The number of removed rows per job.
    #[must_use]
    pub fn all_removed(&self) -> BTreeMap<&'static str, u64> {
        self.removed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
