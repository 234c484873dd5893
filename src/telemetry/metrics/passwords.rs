use super::numbers::{Counter, Gauge};

/// Waits for permits of the password pool.
#[derive(Debug, Default)]
pub struct PasswordCounts {
    /// Waiting requests, including those that are about to read the hash.
    pub waiting: Gauge,
    /// Verifications that cost clearly more than a new hash. They have a queue of their own.
    pub costly_waiting: Gauge,
    /// Requests refused because the queue was full or the wait too long.
    pub shed: Counter,
    /// Requests refused because their client or account had used up its share of a queue that was not full.
    pub over_share: Counter,
}
