use crate::domain::ban::Ban;
use crate::domain::email::Email;
use crate::domain::event::replay::{DiscardFacts, ReplayFacts};
use crate::domain::locale::Locale;
use crate::domain::session::{RevocationReason, SessionId};
use crate::domain::signing_key::{Algorithm, KeyId, SigningKey};
use crate::domain::timestamp::Timestamp;
use crate::domain::user::{Role, User};

/// The cached object that events of a type invalidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invalidates {
    /// Nothing that is cached changes.
    Nothing,
    /// The user that is the subject.
    User,
    /// The session that the data names.
    Session,
}

/// Makes [`EventType`] and [`EventKind`] of a list: each event with its summary, its data, its name, and the
/// cached object that it invalidates.
macro_rules! events {
    ($(
        $(#[doc = $doc:literal])+
        $event:ident
        $(($($value:ty),+))?
        $({ $($(#[$member_doc:meta])* $member:ident: $type:ty,)+ })?
        = $name:literal, invalidates $invalidates:ident;
    )+) => {
        /// The type of an event: what happened, and the version of its data.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EventType {
            $($(#[doc = $doc])+ $event,)+
        }

        /// The type of an event with its data.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum EventKind {
            $($(#[doc = $doc])+ $event $(($($value),+))? $({ $($(#[$member_doc])* $member: $type,)+ })?,)+
        }

        impl EventType {
            /// All types.
            pub const ALL: &[Self] = &[$(Self::$event),+];

            /// The name, to which consumers subscribe. The number at its end is the version of the data.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$event => $name,)+
                }
            }

            /// The summary: what happened.
            #[must_use]
            pub const fn summary(self) -> &'static str {
                match self {
                    $(Self::$event => concat!($($doc),+).trim_ascii(),)+
                }
            }

            /// The type with this name. Returns `None` for a type of another release.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$event),)+
                    _ => None,
                }
            }

            /// The cached object that events of this type invalidate.
            #[must_use]
            pub const fn invalidates(self) -> Invalidates {
                match self {
                    $(Self::$event => Invalidates::$invalidates,)+
                }
            }
        }

        impl EventKind {
            /// The type of the event.
            #[must_use]
            pub const fn event_type(&self) -> EventType {
                match self {
                    $(Self::$event { .. } => EventType::$event,)+
                }
            }
        }
    };
}

// A request for a mail changes nothing; invalidating the caches for it would take measurable time and so
// reveal that the account exists. A new session is in no cache yet. Bans are cached by the version of their
// list, and every replica reads the signing keys once a second.
events! {
    /// A user was created.
    UserRegistered(User) = "svc.user.registered.v1", invalidates User;
    /// The display name, the language or the metadata changed.
    UserUpdated(User) = "svc.user.updated.v1", invalidates User;
    /// The password changed.
    UserPasswordChanged(User) = "svc.user.password_changed.v1", invalidates User;
    /// The user was locked and can no longer log in.
    UserLocked(User) = "svc.user.locked.v1", invalidates User;
    /// The user was unlocked and can log in again.
    UserUnlocked(User) = "svc.user.unlocked.v1", invalidates User;
    /// The role changed.
    UserRoleChanged {
        /// The user with the new role.
        user: User,
        /// The previous role.
        from: Role,
    } = "svc.user.role_changed.v1", invalidates User;
    // Registration sends such a mail too, without this event.
    /// A mail to verify the email address was requested.
    UserVerificationRequested {
        /// The user, unchanged.
        user: User,
        /// When the link in the mail expires.
        expires_at: Timestamp,
        /// The language that the client prefers, for a user without one.
        language: Option<Locale>,
    } = "svc.user.verification_requested.v1", invalidates Nothing;
    /// The user verified the email address.
    UserEmailVerified(User) = "svc.user.email_verified.v1", invalidates User;
    /// A mail to set a new password was requested.
    UserPasswordResetRequested {
        /// The user, unchanged.
        user: User,
        /// When the link in the mail expires.
        expires_at: Timestamp,
        /// The language that the client prefers, for a user without one.
        language: Option<Locale>,
    } = "svc.user.password_reset_requested.v1", invalidates Nothing;
    /// A mail to accept an invitation was requested. The user has no password.
    UserInvited {
        /// The user, unchanged.
        user: User,
        /// When the link in the mail expires.
        expires_at: Timestamp,
    } = "svc.user.invited.v1", invalidates Nothing;
    /// An invited user set the first password.
    UserInvitationAccepted(User) = "svc.user.invitation_accepted.v1", invalidates User;
    /// A mail to confirm a new email address was requested.
    UserEmailChangeRequested {
        /// The user, unchanged, with the current email address.
        user: User,
        /// The new email address. It may belong to another user.
        new_email: Email,
        /// When the link in the mail expires.
        expires_at: Timestamp,
        /// The language that the client prefers, for a user without one.
        language: Option<Locale>,
        /// Whether a notice goes to the current email address. False if a notice of another request went
        /// there shortly before.
        notice: bool,
    } = "svc.user.email_change_requested.v1", invalidates Nothing;
    /// Many wrong passwords were entered for the account. The user is warned by mail.
    UserGuessingDetected(User) = "svc.user.guessing_detected.v1", invalidates Nothing;
    /// A registration named the email address of the user, who is notified by mail.
    UserRegistrationRepeated(User) = "svc.user.registration_repeated.v1", invalidates Nothing;
    /// The email address changed to a verified one.
    UserEmailChanged {
        /// The user with the new email address.
        user: User,
        /// The previous email address.
        from: Email,
    } = "svc.user.email_changed.v1", invalidates User;
    /// The owner of the email address disowned the account. Its password was made unusable.
    UserDisowned(User) = "svc.user.disowned.v1", invalidates User;
    /// The owner of the new email address disowned the account. The change was cancelled.
    UserEmailChangeDisowned {
        /// The user, unchanged.
        user: User,
        /// The new email address that was withdrawn.
        new_email: Email,
    } = "svc.user.email_change_disowned.v1", invalidates Nothing;
    /// The user was deleted.
    UserDeleted {
        /// The email address, which is free again.
        email: Email,
        /// The version after the last one.
        version: i64,
    } = "svc.user.deleted.v1", invalidates User;
    /// A session was opened.
    SessionStarted(SessionId) = "svc.session.started.v1", invalidates Nothing;
    /// A session was revoked.
    SessionRevoked(SessionId, RevocationReason) = "svc.session.revoked.v1", invalidates Session;
    /// A refresh token was reused, so its session was revoked.
    SessionReuseDetected(SessionId) = "svc.session.reuse_detected.v1", invalidates Session;
    /// A network or a user was banned, or the reason or the end of the ban changed.
    BanAdded(Ban) = "svc.ban.added.v1", invalidates Nothing;
    /// A ban was removed before its end.
    BanRemoved(Ban) = "svc.ban.removed.v1", invalidates Nothing;
    /// A signing key was generated and published.
    KeyGenerated(KeyFacts) = "svc.key.generated.v1", invalidates Nothing;
    /// A time was set at which a pending signing key becomes active.
    KeyPlanned(KeyFacts) = "svc.key.planned.v1", invalidates Nothing;
    /// A signing key became active: it signs access tokens.
    KeyActivated(KeyFacts) = "svc.key.activated.v1", invalidates Nothing;
    /// A signing key was retired: it signs no more, and its tokens are still accepted.
    KeyRetired(KeyFacts) = "svc.key.retired.v1", invalidates Nothing;
    /// A signing key was removed: its tokens are not accepted any more.
    KeyRemoved(KeyFacts) = "svc.key.removed.v1", invalidates Nothing;
    /// An operator replayed events: they are relayed again, and their dead letters are requeued.
    EventReplayed(ReplayFacts) = "svc.event.replayed.v1", invalidates Nothing;
    /// An operator deleted the dead letters of the broker that name no event.
    DeadLetterDiscarded(DiscardFacts) = "svc.dead_letter.discarded.v1", invalidates Nothing;
}

impl EventKind {
    /// The user in the data of the event, if there is one.
    #[must_use]
    pub const fn user(&self) -> Option<&User> {
        match self {
            Self::UserRegistered(user)
            | Self::UserUpdated(user)
            | Self::UserPasswordChanged(user)
            | Self::UserLocked(user)
            | Self::UserUnlocked(user)
            | Self::UserRoleChanged { user, .. }
            | Self::UserVerificationRequested { user, .. }
            | Self::UserEmailVerified(user)
            | Self::UserPasswordResetRequested { user, .. }
            | Self::UserInvited { user, .. }
            | Self::UserInvitationAccepted(user)
            | Self::UserEmailChangeRequested { user, .. }
            | Self::UserGuessingDetected(user)
            | Self::UserRegistrationRepeated(user)
            | Self::UserEmailChanged { user, .. }
            | Self::UserDisowned(user)
            | Self::UserEmailChangeDisowned { user, .. } => Some(user),
            Self::UserDeleted { .. }
            | Self::SessionStarted(_)
            | Self::SessionRevoked(..)
            | Self::SessionReuseDetected(_)
            | Self::BanAdded(_)
            | Self::BanRemoved(_)
            | Self::KeyGenerated(_)
            | Self::KeyPlanned(_)
            | Self::KeyActivated(_)
            | Self::KeyRetired(_)
            | Self::KeyRemoved(_)
            | Self::EventReplayed(_)
            | Self::DeadLetterDiscarded(_) => None,
        }
    }
}

/// The facts about a signing key that its events contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFacts {
    /// The `kid` of its tokens.
    pub id: KeyId,
    /// The algorithm that it signs with.
    pub algorithm: Algorithm,
    /// Whether it was removed because it was compromised.
    pub compromised: bool,
    /// When it becomes active, if that is planned. Only of a pending key.
    pub activates_at: Option<Timestamp>,
    /// The number of the stage that it reached.
    pub version: i64,
}

impl KeyFacts {
    /// The facts about a stored key.
    #[must_use]
    pub fn of(key: &SigningKey) -> Self {
        Self {
            id: key.id.clone(),
            algorithm: key.algorithm,
            compromised: key.compromised_at.is_some(),
            activates_at: key.activates_at,
            version: key.version(),
        }
    }

    /// The facts about a key that was removed.
    #[must_use]
    pub fn removed(key: &SigningKey) -> Self {
        Self { version: SigningKey::REMOVED, activates_at: None, ..Self::of(key) }
    }
}
