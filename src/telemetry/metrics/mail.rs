use super::numbers::Counter;

/// Counts of attempts to send a mail, by outcome.
#[derive(Debug, Default)]
pub struct MailCounts {
    /// Mails that the mail server accepted.
    pub sent: Counter,
    /// Failed attempts that are retried.
    pub failed: Counter,
    /// Mails that the mail server refuses for good.
    pub refused: Counter,
}

impl MailCounts {
    /// All counts with the names of their outcomes.
    pub fn all(&self) -> [(&'static str, u64); 3] {
        [("sent", &self.sent), ("failed", &self.failed), ("refused", &self.refused)]
            .map(|(outcome, count)| (outcome, count.get()))
    }
}
