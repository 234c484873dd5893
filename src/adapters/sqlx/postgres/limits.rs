//! Time limits of a session of PostgreSQL.

use std::time::Duration;

/// A connection that was idle for longer is tested before it is used.
pub(super) const TRUSTED_FOR: Duration = Duration::from_millis(200);

/// The time limits of a session, which PostgreSQL enforces.
pub(super) struct Limits {
    /// The longest time that a statement may take.
    pub(super) statement: Duration,
    /// The longest time that a statement may wait for a lock.
    pub(super) lock: Duration,
    /// The longest time that a transaction may be idle.
    pub(super) idle_transaction: Duration,
}

impl Limits {
    pub(super) fn all(&self) -> [(&'static str, Duration); 3] {
        [
            ("statement_timeout", self.statement),
            ("lock_timeout", self.lock),
            ("idle_in_transaction_session_timeout", self.idle_transaction),
        ]
    }

    /// Returns the statements that set the limits, and switch the JIT compiler off: it judges a statement by
    /// the cost of all partitions, and compiles for longer than the statement takes.
    pub(super) fn set(&self, set: &str) -> String {
        let limits = self.all().map(|(name, limit)| format!("{set} {name} = {}", limit.as_millis()));
        format!("{}; {set} jit = off", limits.join("; "))
    }

    /// Returns an SQL expression for the limits that were not applied.
    pub(super) fn compare(&self) -> String {
        let one = |(name, limit): (&str, Duration)| {
            let milliseconds = limit.as_millis();
            format!(
                "CASE WHEN current_setting('{name}')::interval <> '{milliseconds} ms'::interval \
                 THEN '{name}=' || current_setting('{name}') END"
            )
        };
        format!("concat_ws(', ', {})", self.all().map(one).join(", "))
    }
}
