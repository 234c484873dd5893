use std::fmt;

use uuid::Uuid;

use super::ban::{Ban, BanId};
use super::email::Email;
use super::session::{RevocationReason, SessionId};
use super::timestamp::Timestamp;
use super::user::{Role, User, UserId};

/// A fact about a user or a ban that committed with the change that caused it. It contains ids and facts,
/// never a password, a hash or a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The unique id of the event. Ids sort by time.
    pub id: Uuid,
    /// The user or ban that the event is about.
    pub subject: Subject,
    /// The actor that caused the event.
    pub actor: Actor,
    /// When it happened.
    pub at: Timestamp,
    /// The type of the event, with its data.
    pub kind: EventKind,
}

/// The subject of an event: a user, or the ban of a network. The events of one subject are relayed in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject(pub Uuid);

impl Subject {
    /// The user id, for an event about a user.
    #[must_use]
    pub const fn as_user(self) -> UserId {
        UserId(self.0)
    }
}

impl From<UserId> for Subject {
    fn from(user: UserId) -> Self {
        Self(user.0)
    }
}

impl From<BanId> for Subject {
    fn from(ban: BanId) -> Self {
        Self(ban.0)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The actor that caused an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A user, over HTTP: the subject itself or an administrator.
    User(UserId),
    /// An operator, on the command line.
    Operator,
    /// The service itself, by one of its rules.
    Service,
}

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
    /// The name of the event type, to which consumers subscribe. The number at its end is the version of the
    /// data.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::UserRegistered(_) => "svc.user.registered.v1",
            Self::UserUpdated(_) => "svc.user.updated.v1",
            Self::UserPasswordChanged(_) => "svc.user.password_changed.v1",
            Self::UserLocked(_) => "svc.user.locked.v1",
            Self::UserUnlocked(_) => "svc.user.unlocked.v1",
            Self::UserRoleChanged { .. } => "svc.user.role_changed.v1",
            Self::UserVerificationRequested { .. } => "svc.user.verification_requested.v1",
            Self::UserEmailVerified(_) => "svc.user.email_verified.v1",
            Self::UserPasswordResetRequested { .. } => "svc.user.password_reset_requested.v1",
            Self::UserEmailChangeRequested { .. } => "svc.user.email_change_requested.v1",
            Self::UserGuessingDetected(_) => "svc.user.guessing_detected.v1",
            Self::UserEmailChanged { .. } => "svc.user.email_changed.v1",
            Self::UserDisowned(_) => "svc.user.disowned.v1",
            Self::UserEmailChangeDisowned { .. } => "svc.user.email_change_disowned.v1",
            Self::UserDeleted { .. } => "svc.user.deleted.v1",
            Self::SessionStarted(_) => "svc.session.started.v1",
            Self::SessionRevoked(..) => "svc.session.revoked.v1",
            Self::SessionReuseDetected(_) => "svc.session.reuse_detected.v1",
            Self::BanAdded(_) => "svc.ban.added.v1",
            Self::BanRemoved(_) => "svc.ban.removed.v1",
        }
    }
}

/// An invalidation: copies of an object that are older than a version are unusable, wherever they are cached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Invalidation {
    /// A user, by [`User::version`].
    User(UserId, i64),
    /// A session, by [`SessionSnapshot::version`](super::SessionSnapshot::version).
    Session(SessionId, i64),
}

impl Invalidation {
    /// Greater than any version: every copy is invalid.
    pub const ANY: i64 = i64::MAX;
}

impl EventKind {
    /// Whether the event changes anything of a user or of a session that may be cached. A request for a mail
    /// changes nothing; invalidating the caches for it would take measurable time and so reveal that the
    /// account exists. A new session is in no cache yet.
    #[must_use]
    pub const fn changes_something(&self) -> bool {
        !matches!(
            self,
            Self::SessionStarted(_)
                | Self::UserVerificationRequested { .. }
                | Self::UserPasswordResetRequested { .. }
                | Self::UserEmailChangeRequested { .. }
                | Self::UserGuessingDetected(_)
                | Self::UserEmailChangeDisowned { .. }
                | Self::BanAdded(_)
                | Self::BanRemoved(_)
        )
    }
}

impl Event {
    /// An event of `kind` that `actor` caused to `subject` at `at`.
    #[must_use]
    pub fn new(id: Uuid, subject: impl Into<Subject>, actor: Actor, at: Timestamp, kind: EventKind) -> Self {
        Self { id, subject: subject.into(), actor, at, kind }
    }
}
