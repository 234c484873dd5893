//! What PostgreSQL ends by itself, so that nothing waits for ever.

use std::time::Duration;

/// What PostgreSQL ends by itself.
pub(super) struct Limits {
    /// A statement that takes longer.
    pub(super) statement: Duration,
    /// A statement that waits longer for a lock.
    pub(super) lock: Duration,
    /// A transaction that does nothing for longer.
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

    pub(super) fn set(&self, set: &str) -> String {
        self.all().map(|(name, limit)| format!("{set} {name} = {}", limit.as_millis())).join("; ")
    }

    /// Selects the names of those that do not hold.
    pub(super) fn compare(&self) -> String {
        let one = |(name, limit): (&str, Duration)| {
            let milliseconds = limit.as_millis();
            format!(
                "CASE WHEN current_setting('{name}')::interval <> '{milliseconds} ms'::interval \
                 THEN '{name}=' || current_setting('{name}') END"
            )
        };
        format!("SELECT concat_ws(', ', {})", self.all().map(one).join(", "))
    }
}
