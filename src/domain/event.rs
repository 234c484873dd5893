use uuid::Uuid;

use super::email::Email;
use super::session::{RevocationReason, SessionId};
use super::timestamp::Timestamp;
use super::user::{Role, User, UserId};

/// Something that happened to a user. It commits with the change it tells of, and holds ids and facts: never
/// a password, a hash or a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Names the event for ever; sorts by time.
    pub id: Uuid,
    /// The user it happened to.
    pub subject: UserId,
    /// Who did it.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub kind: EventKind,
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
            Self::UserDeleted { .. } => "svc.user.deleted.v1",
            Self::SessionStarted(_) => "svc.session.started.v1",
            Self::SessionRevoked(..) => "svc.session.revoked.v1",
            Self::SessionReuseDetected(_) => "svc.session.reuse_detected.v1",
        }
    }
}

impl Event {
    /// An event of `kind` that `actor` caused to `subject` at `at`.
    #[must_use]
    pub const fn new(id: Uuid, subject: UserId, actor: Actor, at: Timestamp, kind: EventKind) -> Self {
        Self { id, subject, actor, at, kind }
    }
}
