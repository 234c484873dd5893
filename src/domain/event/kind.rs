use super::EventType;
use crate::domain::ban::Ban;
use crate::domain::email::Email;
use crate::domain::session::{RevocationReason, SessionId};
use crate::domain::timestamp::Timestamp;
use crate::domain::user::{Role, User};

/// The type of an event with its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A user was created.
    UserRegistered(User),
    /// The name changed.
    UserUpdated(User),
    /// The password changed.
    UserPasswordChanged(User),
    /// The user can no longer log in.
    UserLocked(User),
    /// The user can log in again.
    UserUnlocked(User),
    /// The role changed.
    UserRoleChanged {
        /// The user with the new role.
        user: User,
        /// The previous role.
        from: Role,
    },
    /// A mail that verifies the email address was requested. Registration sends one too, without this event.
    UserVerificationRequested {
        /// The user, unchanged.
        user: User,
        /// When the link in the mail expires.
        expires_at: Timestamp,
    },
    /// The user proved that the email address is theirs.
    UserEmailVerified(User),
    /// A mail that lets the user set a new password was requested.
    UserPasswordResetRequested {
        /// The user, unchanged.
        user: User,
        /// When the link in the mail expires.
        expires_at: Timestamp,
    },
    /// A mail to the new email address was requested, to confirm the change.
    UserEmailChangeRequested {
        /// The user, unchanged, with the current email address.
        user: User,
        /// The new email address. It may belong to another user.
        new_email: Email,
        /// When the link in the mail expires.
        expires_at: Timestamp,
        /// Whether a notice goes to the current email address. False if a notice of another request went
        /// there shortly before.
        notice: bool,
    },
    /// The user is warned after too many wrong passwords for the account.
    UserGuessingDetected(User),
    /// The email address changed. The user proved that the new one is theirs.
    UserEmailChanged {
        /// The user with the new email address.
        user: User,
        /// The previous email address.
        from: Email,
    },
    /// The owner of the email address stated that the account is not theirs. Its password was made unusable.
    UserDisowned(User),
    /// The owner of the requested new email address stated that the account is not theirs. The change was
    /// withdrawn.
    UserEmailChangeDisowned {
        /// The user, unchanged.
        user: User,
        /// The new email address that was withdrawn.
        new_email: Email,
    },
    /// The user was deleted.
    UserDeleted {
        /// The email address, which is free again.
        email: Email,
        /// The version after the last one.
        version: i64,
    },
    /// A session was opened.
    SessionStarted(SessionId),
    /// A session was revoked.
    SessionRevoked(SessionId, RevocationReason),
    /// A refresh token was reused, and its session was revoked.
    SessionReuseDetected(SessionId),
    /// A network or a user was banned, or the reason or end of the ban changed.
    BanAdded(Ban),
    /// A ban was removed before its end.
    BanRemoved(Ban),
}

impl EventKind {
    /// The type of the event.
    #[must_use]
    pub const fn event_type(&self) -> EventType {
        match self {
            Self::UserRegistered(_) => EventType::UserRegistered,
            Self::UserUpdated(_) => EventType::UserUpdated,
            Self::UserPasswordChanged(_) => EventType::UserPasswordChanged,
            Self::UserLocked(_) => EventType::UserLocked,
            Self::UserUnlocked(_) => EventType::UserUnlocked,
            Self::UserRoleChanged { .. } => EventType::UserRoleChanged,
            Self::UserVerificationRequested { .. } => EventType::UserVerificationRequested,
            Self::UserEmailVerified(_) => EventType::UserEmailVerified,
            Self::UserPasswordResetRequested { .. } => EventType::UserPasswordResetRequested,
            Self::UserEmailChangeRequested { .. } => EventType::UserEmailChangeRequested,
            Self::UserGuessingDetected(_) => EventType::UserGuessingDetected,
            Self::UserEmailChanged { .. } => EventType::UserEmailChanged,
            Self::UserDisowned(_) => EventType::UserDisowned,
            Self::UserEmailChangeDisowned { .. } => EventType::UserEmailChangeDisowned,
            Self::UserDeleted { .. } => EventType::UserDeleted,
            Self::SessionStarted(_) => EventType::SessionStarted,
            Self::SessionRevoked(..) => EventType::SessionRevoked,
            Self::SessionReuseDetected(_) => EventType::SessionReuseDetected,
            Self::BanAdded(_) => EventType::BanAdded,
            Self::BanRemoved(_) => EventType::BanRemoved,
        }
    }
}
