use std::fmt;

use uuid::Uuid;

use super::ban::{Ban, BanId};
use super::email::Email;
use super::session::{RevocationReason, SessionId};
use super::timestamp::Timestamp;
use super::user::{Role, User, UserId};

/// Something that happened to a user, or to the bans. It commits with the change it tells of, and holds ids and facts: never
/// a password, a hash or a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Names the event for ever; sorts by time.
    pub id: Uuid,
    /// What it happened to.
    pub subject: Subject,
    /// Who did it.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub kind: EventKind,
}

/// What an event happened to: a user, or a ban of a network. The events of one subject are relayed in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject(pub Uuid);

impl Subject {
    /// The user, of an event that happened to a user.
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

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A user, over HTTP: the subject itself or an administrator.
    User(UserId),
    /// An operator, on the command line.
    Operator,
    /// The service itself, by a rule of its own.
    Service,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// An account was made.
    UserRegistered(User),
    /// The name changed.
    UserUpdated(User),
    /// The password changed.
    UserPasswordChanged(User),
    /// The user may not log in any more.
    UserLocked(User),
    /// The user may log in again.
    UserUnlocked(User),
    /// The role changed.
    UserRoleChanged {
        /// With the new role.
        user: User,
        /// The role before.
        from: Role,
    },
    /// The user shall be sent a mail to show that the address is theirs. Registering asks for one too, without this event.
    UserVerificationRequested {
        /// Unchanged.
        user: User,
        /// When the mail is of no use any more.
        expires_at: Timestamp,
    },
    /// The user showed that the address is theirs.
    UserEmailVerified(User),
    /// The user shall be sent a mail to set a new password.
    UserPasswordResetRequested {
        /// Unchanged.
        user: User,
        /// When the mail is of no use any more.
        expires_at: Timestamp,
    },
    /// The user shall be sent a mail to the address that is to become theirs.
    UserEmailChangeRequested {
        /// Unchanged, with the address as it is.
        user: User,
        /// The address to be. Somebody else may have it.
        new_email: Email,
        /// When the mail is of no use any more.
        expires_at: Timestamp,
        /// Whether the address as it is shall be told. It was told of another wish just before, if not.
        notice: bool,
    },
    /// So many wrong passwords were given for the account that the user is warned.
    UserGuessingDetected(User),
    /// The address changed. The new one is known to be the user's.
    UserEmailChanged {
        /// With the new address.
        user: User,
        /// The address before.
        from: Email,
    },
    /// The person who has the address says that the account is not theirs: its password was made unusable.
    UserDisowned(User),
    /// The person who has the address that was to become the user's says that the account is not theirs: the change was
    /// withdrawn.
    UserEmailChangeDisowned {
        /// Unchanged.
        user: User,
        /// The address that is not the user's.
        new_email: Email,
    },
    /// The account is gone.
    UserDeleted {
        /// The address that is free again.
        email: Email,
        /// The version after the last one.
        version: i64,
    },
    /// A session began.
    SessionStarted(SessionId),
    /// A session was ended by hand.
    SessionRevoked(SessionId, RevocationReason),
    /// A refresh token was used a second time, and its session ended.
    SessionReuseDetected(SessionId),
    /// A network or an account was banned, or its ban has another reason or end.
    BanAdded(Ban),
    /// A ban was removed before its end.
    BanRemoved(Ban),
}

impl EventKind {
    /// The event's name, as consumers subscribe to it; the number is the version of its data.
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

/// A thing of which every copy older than a version is out of date, wherever one is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Invalidation {
    /// A user, by [`User::version`].
    User(UserId, i64),
    /// A session, by [`SessionSnapshot::version`](super::SessionSnapshot::version).
    Session(SessionId, i64),
}

impl Invalidation {
    /// Later than any version: every copy is out of date.
    pub const ANY: i64 = i64::MAX;
}

impl EventKind {
    /// Whether anything of the user or of a session that others may know is another after it. A request for a mail changes
    /// nothing, and to tell the caches all the same would take a while by which it shows that there is an account. A session
    /// that has just started is known to nobody.
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
