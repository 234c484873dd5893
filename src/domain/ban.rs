use std::fmt;

use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::network::Network;
use super::text::is_control;
use super::timestamp::Timestamp;
use super::user::{UserId, UserRef};

/// The id of a ban. It is never given to another ban.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BanId(pub Uuid);

impl fmt::Display for BanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An order of an operator to refuse the requests of an origin or of an account, until it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ban {
    /// Never changes.
    pub id: BanId,
    /// Of what. There is one ban per target.
    pub target: BanTarget,
    /// Why, for operators. No client is told.
    pub reason: Option<BanReason>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it ends.
    pub end: BanEnd,
}

impl Ban {
    /// How many bans there are at most that have not ended: every process holds them in memory.
    pub const MOST: u64 = 10_000;
}

/// What a ban is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BanTarget {
    /// Every client address of a network.
    Network(Network),
    /// The account of a user.
    User(UserId),
}

/// How an operator names the target of a ban.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BanTargetRef {
    /// By network.
    Network(Network),
    /// By the user whose account it is.
    User(UserRef),
}

/// How an operator names a ban.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BanRef {
    /// By its id.
    Id(BanId),
    /// By its target.
    Target(BanTargetRef),
}

/// When a ban ends; the later one is the greater one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BanEnd {
    /// At this moment: from then on requests are served.
    At(Timestamp),
    /// When an operator removes it.
    Never,
}

impl BanEnd {
    /// From a moment that may be absent.
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

/// Why an operator banned something. One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BanReason(String);

/// Why a text is not a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BanReasonError {
    /// Nothing but white space.
    #[error("a reason has at least one character; leave it out to have none")]
    Empty,
    /// More characters than fit.
    #[error("a reason has at most {} characters", BanReason::LONGEST)]
    TooLong,
    /// A control or direction-changing character.
    #[error("a reason is one line without control characters")]
    Control,
}

impl BanReason {
    /// In characters.
    pub const LONGEST: usize = 200;

    /// Trims the text and composes it (NFC).
    pub fn parse(text: &str) -> Result<Self, BanReasonError> {
        let reason: String = text.trim().nfc().collect();
        if reason.is_empty() {
            Err(BanReasonError::Empty)
        } else if reason.chars().count() > Self::LONGEST {
            Err(BanReasonError::TooLong)
        } else if reason.chars().any(is_control) {
            Err(BanReasonError::Control)
        } else {
            Ok(Self(reason))
        }
    }

    /// A reason that was parsed before and stored.
    #[must_use]
    pub const fn stored(reason: String) -> Self {
        Self(reason)
    }

    /// The reason, trimmed and composed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(BanReason::parse(" \t"), Err(BanReasonError::Empty));
        assert_eq!(BanReason::parse("one\ntwo"), Err(BanReasonError::Control));
        assert!(BanReason::parse(&"é".repeat(BanReason::LONGEST)).is_ok());
        assert_eq!(BanReason::parse(&"é".repeat(BanReason::LONGEST + 1)), Err(BanReasonError::TooLong));
    }
}
