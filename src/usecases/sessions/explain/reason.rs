use std::fmt;
use std::net::IpAddr;

use super::bans::AppliedBan;
use crate::domain::{BanEnd, BanTarget, Network, Revocation, SessionId, Timestamp};
use crate::ports::TokenPart;

/// Why a session or a token is not accepted, as a sentence for an operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// A check of an access token failed.
    #[error("{}: {}", .0.as_str(), .1)]
    Token(TokenPart, String),
    /// The text begins like a refresh token, and is none.
    #[error("the text is cut or changed: it does not have the form of a refresh token")]
    MalformedRefreshToken,
    /// The MAC of a refresh token is wrong.
    #[error(
        "the refresh token was not made with the secret key of this service: another installation made it, \
         security.secret_key has changed, or the text was changed"
    )]
    OtherSecretKey,
    /// The salt of a refresh token is not that of its session.
    #[error("the refresh token has another salt than its session: it is from another database")]
    OtherSalt,
    /// A refresh token was replaced too long ago.
    #[error(
        "the refresh token was replaced: {by} newer {} issued since. Presented to the service, it counts as \
         stolen and revokes the session",
        if *.by == 1 { "one was" } else { "ones were" }
    )]
    Replaced {
        /// How many generations are newer.
        by: u32,
        /// When it was replaced, if that is stored: only for the previous one.
        at: Option<Timestamp>,
    },
    /// A refresh token is newer than its session.
    #[error("the refresh token is newer than its session: the database was restored from a backup")]
    NewerThanSession,
    /// The session does not exist.
    #[error(
        "its session {0} does not exist: its user was deleted, it ended longer than retention.sessions ago, \
         or it is of another database"
    )]
    NoSuchSession(SessionId),
    /// The session belongs to another user than the token names.
    #[error("its session belongs to another user")]
    OtherUser,
    /// The session was revoked.
    #[error(
        "the session was revoked at {} ({}){}",
        .revocation.at,
        .revocation.reason,
        .by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default()
    )]
    Revoked {
        /// The time and the reason.
        revocation: Revocation,
        /// The actor who revoked it, if its event is still stored.
        by: Option<String>,
    },
    /// The session has expired.
    #[error(
        "the session expired at {at}: {}",
        if *.is_idle { "it was not refreshed for too long" } else { "its longest lifetime is over" }
    )]
    Expired {
        /// When.
        at: Timestamp,
        /// Whether a refresh would have extended it.
        is_idle: bool,
    },
    /// The settings do not have the audience of the session.
    #[error(
        "the session is for {0:?}, which is not, or not after the first place, in security.token.audience: it is \
         not refreshed"
    )]
    AudienceNotServed(String),
    /// The user is locked.
    #[error("the user is locked")]
    UserLocked,
    /// The user is banned.
    #[error("the user is banned{0}")]
    Banned(BanTerms),
}

/// What else an operator should know about a session or a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Note {
    /// It is accepted although it is not the newest one: the previous refresh token within the grace.
    #[error(
        "it is the previous refresh token: within the grace, it is answered with the same successor again"
    )]
    Repeated,
    /// Every request from the address of its client is refused.
    #[error("requests from {address}, an address of its client, are refused: {network} is banned{terms}")]
    AddressBanned {
        /// The address.
        address: IpAddr,
        /// The target of the ban.
        network: Network,
        /// Who banned it, until when and why.
        terms: BanTerms,
    },
}

/// Who set a ban, until when and why, as the end of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BanTerms {
    /// The actor, if the event is still stored.
    pub by: Option<String>,
    /// When it ends.
    pub end: BanEnd,
    /// Why.
    pub reason: Option<String>,
}

impl BanTerms {
    fn of(applied: &AppliedBan) -> Self {
        let reason = applied.ban.reason.as_ref().map(|reason| reason.as_str().to_owned());
        Self { by: applied.by(), end: applied.ban.end, reason }
    }
}

impl fmt::Display for BanTerms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(by) = &self.by {
            write!(f, " by {by}")?;
        }
        if let Some(at) = self.end.at() {
            write!(f, " until {at}")?;
        }
        self.reason.as_ref().map_or(Ok(()), |reason| write!(f, ": {reason}"))
    }
}

impl Note {
    /// The note about a ban of an address.
    pub(super) fn of_ban(applied: &AppliedBan) -> Option<Self> {
        match (applied.ban.target, applied.address) {
            (BanTarget::Network(network), Some(address)) => {
                Some(Self::AddressBanned { address, network, terms: BanTerms::of(applied) })
            }
            _ => None,
        }
    }
}

impl Reason {
    /// The reason in a ban of the user.
    pub(super) fn of_ban(applied: &AppliedBan) -> Option<Self> {
        matches!(applied.ban.target, BanTarget::User(_)).then(|| Self::Banned(BanTerms::of(applied)))
    }

    /// The word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Token(part, _) => match part {
                TokenPart::Form => "malformed",
                TokenPart::Header => "wrong_header",
                TokenPart::Type => "wrong_type",
                TokenPart::Key => "unknown_key",
                TokenPart::Algorithm => "wrong_algorithm",
                TokenPart::Signature => "wrong_signature",
                TokenPart::Claims => "wrong_claims",
                TokenPart::Issuer => "wrong_issuer",
                TokenPart::Audience => "wrong_audience",
                TokenPart::Issued => "not_yet_valid",
                TokenPart::Expiry => "token_expired",
            },
            Self::MalformedRefreshToken => "malformed",
            Self::OtherSecretKey => "other_secret_key",
            Self::OtherSalt => "other_database",
            Self::Replaced { .. } => "token_replaced",
            Self::NewerThanSession => "database_restored",
            Self::NoSuchSession(_) => "no_such_session",
            Self::OtherUser => "other_user",
            Self::Revoked { .. } => "session_revoked",
            Self::Expired { .. } => "session_expired",
            Self::AudienceNotServed(_) => "audience_not_served",
            Self::UserLocked => "user_locked",
            Self::Banned(_) => "user_banned",
        }
    }
}
