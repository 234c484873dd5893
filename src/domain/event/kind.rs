use super::data::{
    DeletedUser, DisownedEmail, EmailChange, EndedSession, KeyFacts, RequestedEmailChange, RequestedMail,
    RevokedSession, RoleChange, SentInvitation,
};
use super::replay::{DiscardFacts, ReplayFacts};
use crate::domain::ban::Ban;
use crate::domain::session::SessionId;
use crate::domain::user::User;

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

/// The one list of events: each with its summary, its data, its name, and the cached object that it
/// invalidates. `$define` is a macro that makes something of the list, such as the enums below or the JSON of
/// the data.
macro_rules! events {
    ($define:ident) => {
        // A request for a mail changes nothing; invalidating the caches for it would take measurable time and
        // so reveal that the account exists. A new session is in no cache yet. Bans are cached by the version
        // of their list, and every replica reads the signing keys once a second.
        $define! {
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
            UserRoleChanged(RoleChange) = "svc.user.role_changed.v1", invalidates User;
            // Registration sends such a mail too, without this event.
            /// A mail to verify the email address was requested.
            UserVerificationRequested(RequestedMail) = "svc.user.verification_requested.v1", invalidates Nothing;
            /// The user verified the email address.
            UserEmailVerified(User) = "svc.user.email_verified.v1", invalidates User;
            /// A mail to set a new password was requested.
            UserPasswordResetRequested(RequestedMail) = "svc.user.password_reset_requested.v1", invalidates Nothing;
            /// A mail to accept an invitation was requested. The user has no password.
            UserInvited(SentInvitation) = "svc.user.invited.v1", invalidates Nothing;
            /// An invited user set the first password.
            UserInvitationAccepted(User) = "svc.user.invitation_accepted.v1", invalidates User;
            /// A mail to confirm a new email address was requested.
            UserEmailChangeRequested(RequestedEmailChange) = "svc.user.email_change_requested.v1", invalidates Nothing;
            /// Many wrong passwords were entered for the account. The user is warned by mail.
            UserGuessingDetected(User) = "svc.user.guessing_detected.v1", invalidates Nothing;
            /// A registration named the email address of the user, who is notified by mail.
            UserRegistrationRepeated(User) = "svc.user.registration_repeated.v1", invalidates Nothing;
            /// The email address changed to a verified one.
            UserEmailChanged(EmailChange) = "svc.user.email_changed.v1", invalidates User;
            /// The owner of the email address disowned the account. Its password was made unusable.
            UserDisowned(User) = "svc.user.disowned.v1", invalidates User;
            /// The owner of the new email address disowned the account. The change was cancelled.
            UserEmailChangeDisowned(DisownedEmail) = "svc.user.email_change_disowned.v1", invalidates Nothing;
            /// The user was deleted.
            UserDeleted(DeletedUser) = "svc.user.deleted.v1", invalidates User;
            /// A session was opened.
            SessionStarted(SessionId) = "svc.session.started.v1", invalidates Nothing;
            /// A session was revoked.
            SessionRevoked(RevokedSession) = "svc.session.revoked.v1", invalidates Session;
            /// A refresh token was reused, so its session was revoked.
            SessionReuseDetected(EndedSession) = "svc.session.reuse_detected.v1", invalidates Session;
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
    };
}
pub(crate) use events;

macro_rules! define_enums {
    ($(
        $(#[doc = $doc:literal])+
        $event:ident($data:ident) = $name:literal, invalidates $invalidates:ident;
    )+) => {
        /// The type of an event: what happened, and the version of its data.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EventType {
            $($(#[doc = $doc])+ $event,)+
        }

        /// The type of an event with its data.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum EventKind {
            $($(#[doc = $doc])+ $event($data),)+
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
                    $(Self::$event(_) => EventType::$event,)+
                }
            }
        }
    };
}
events!(define_enums);
