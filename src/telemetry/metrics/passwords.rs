use super::{Counter, Gauge};

/// The line in front of the password pool.
#[derive(Debug, Default)]
pub struct PasswordCounts {
    /// Who stands in it, those included who are about to read what they verify against.
    pub waiting: Gauge,
    /// Verifications that cost clearly more than a new hash, in the queue of their own.
    pub costly_waiting: Gauge,
    /// Who was refused, since it was full or took too long.
    pub shed: Counter,
    /// Those that were refused because their client or account has its share of the line, which is not full.
    pub over_share: Counter,
}
