//! How far the removal of partitions has come: one table after the other.

use std::fmt;

use uuid::Uuid;

use super::undelivered::Walk;
use crate::ports::events::Removed;

/// Where the next step continues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// In a walk through a partition of the outbox.
    Outbox(Walk),
    /// With the partition of the inbox that begins with this id, or the next one.
    Inbox(Uuid),
    /// The same in the audit trail.
    Audit(Uuid),
}

impl Position {
    /// Parses a position. Returns `None` for another text, such as one of a later release.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text.split_once(' ') {
            Some(("inbox", from)) => Some(Self::Inbox(from.parse().ok()?)),
            Some(("audit", from)) => Some(Self::Audit(from.parse().ok()?)),
            _ => Walk::parse(text).map(Self::Outbox),
        }
    }

    /// The result of a step that removed this many partitions and continues here.
    pub(super) fn after(&self, partitions: u64) -> Removed {
        Removed { partitions, next: Some(self.to_string()) }
    }
}

impl Default for Position {
    fn default() -> Self {
        Self::Outbox(Walk::through(Uuid::nil()))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outbox(walk) => fmt::Display::fmt(walk, f),
            Self::Inbox(from) => write!(f, "inbox {from}"),
            Self::Audit(from) => write!(f, "audit {from}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_parsed_as_it_is_written() {
        let id = Uuid::from_u128(7);
        for position in [Position::default(), Position::Inbox(id), Position::Audit(id)] {
            assert_eq!(Position::parse(&position.to_string()), Some(position));
        }
        for other in ["", "created", "inbox", "inbox x", "sessions 00000000-0000-0000-0000-000000000007"] {
            assert_eq!(Position::parse(other), None, "{other}");
        }
    }
}
