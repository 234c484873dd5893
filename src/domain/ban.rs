use super::id::id;
use super::network::Network;
use super::text::text;
use super::timestamp::Timestamp;
use super::user::{UserId, UserRef};

id! {
    /// The id of a ban. It is never reused.
    pub struct BanId
}

/// An operator's order to refuse the requests of a network or of a user until it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ban {
    /// Never changes.
    pub id: BanId,
    /// The target of the ban. A target has at most one ban.
    pub target: BanTarget,
    /// The reason, for operators. Clients never see it.
    pub reason: Option<BanReason>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was added.
    pub created_at: Timestamp,
    /// When the ban ends.
    pub end: BanEnd,
}

impl Ban {
    /// The limit of bans that have not ended: every process keeps all of them in memory.
    pub const MOST: u64 = 10_000;

    /// Whether the ban has not ended at `now`.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        !self.end.is_over(now)
    }
}

/// The target of a ban.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BanTarget {
    /// Every client address of a network.
    Network(Network),
    /// A user.
    User(UserId),
}

/// The target of a ban as an operator names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BanTargetRef {
    /// A network.
    Network(Network),
    /// A user.
    User(UserRef),
}

/// A ban as an operator names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BanRef {
    /// An id.
    Id(BanId),
    /// A target.
    Target(BanTargetRef),
}

/// When a ban ends. A later end is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BanEnd {
    /// At this moment. From then on requests are served.
    At(Timestamp),
    /// Only when an operator removes it.
    Never,
}

impl BanEnd {
    /// `Never` if there is no moment.
    #[must_use]
    pub fn of(at: Option<Timestamp>) -> Self {
        at.map_or(Self::Never, Self::At)
    }

    /// The moment, if there is one.
    #[must_use]
    pub const fn at(self) -> Option<Timestamp> {
        match self {
            Self::At(at) => Some(at),
            Self::Never => None,
        }
    }

    /// Whether the ban has ended at `now`.
    #[must_use]
    pub fn is_over(self, now: Timestamp) -> bool {
        self.at().is_some_and(|at| at <= now)
    }
}

text! {
    /// The reason that an operator gave for a ban: one line of text.
    BanReason, "reason", 1..=200, one_line, "credential stuffing", optional
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{OneLine, TextError};

    #[test]
    fn a_ban_is_over_from_its_end_on() {
        let at = |micros| Timestamp::from_micros(micros).unwrap();
        assert!(!BanEnd::At(at(10)).is_over(at(9)));
        assert!(BanEnd::At(at(10)).is_over(at(10)));
        assert!(!BanEnd::Never.is_over(at(i64::from(u32::MAX))));
        assert_eq!(BanEnd::At(at(10)).max(BanEnd::Never), BanEnd::Never);
        assert_eq!(BanEnd::At(at(10)).max(BanEnd::At(at(9))), BanEnd::At(at(10)));
    }

    #[test]
    fn a_reason_is_one_bounded_line() {
        assert_eq!(BanReason::parse(" scans ").unwrap().as_str(), "scans");
        assert_eq!(BanReason::parse(" \t"), Err(TextError::EmptyOptional("reason")));
        assert_eq!(
            BanReason::parse("").unwrap_err().to_string(),
            "the reason must have at least one character; omit it to have none"
        );
        assert_eq!(BanReason::parse("one\ntwo"), Err(TextError::Control("reason")));
        assert!(BanReason::parse(&"é".repeat(BanReason::LONGEST)).is_ok());
        assert_eq!(
            BanReason::parse(&"é".repeat(BanReason::LONGEST + 1)),
            Err(TextError::TooLong("reason", 200))
        );
    }
}
