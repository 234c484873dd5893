use std::time::Duration;

use crate::domain::Timestamp;

/// The maximum number of rows that one step of a clean-up examines.
pub const CLEANED_AT_ONCE: u32 = 500;

/// The result of one step of a walk through a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned {
    /// The number of removed rows.
    pub removed: u64,
    /// The position from which the next step continues, in a format of the store; `None` at the end of the
    /// walk.
    pub next: Option<String>,
}

/// How long rows are kept, seen from the present.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    /// The current time.
    pub now: Timestamp,
    /// How long rows are kept.
    pub retention: Duration,
}

impl Kept {
    /// Returns the time before which rows are removed.
    #[must_use]
    pub fn since(self) -> Timestamp {
        self.now.minus(self.retention)
    }
}
