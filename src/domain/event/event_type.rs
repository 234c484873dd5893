/// Makes [`EventType`] of a list: each variant with its name.
macro_rules! event_types {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// The type of an event: what happened, and the version of its data.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EventType {
            $($(#[$doc])* $variant,)+
        }

        impl EventType {
            /// All types.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name, to which consumers subscribe. The number at its end is the version of the data.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The type with this name. Returns `None` for a type of another release.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

event_types! {
    /// A user was created.
    UserRegistered = "svc.user.registered.v1",
    /// The name changed.
    UserUpdated = "svc.user.updated.v1",
    /// The password changed.
    UserPasswordChanged = "svc.user.password_changed.v1",
    /// The user can no longer log in.
    UserLocked = "svc.user.locked.v1",
    /// The user can log in again.
    UserUnlocked = "svc.user.unlocked.v1",
    /// The role changed.
    UserRoleChanged = "svc.user.role_changed.v1",
    /// A mail that verifies the email address was requested. Registration sends one too, without this event.
    UserVerificationRequested = "svc.user.verification_requested.v1",
    /// The user proved that the email address is theirs.
    UserEmailVerified = "svc.user.email_verified.v1",
    /// A mail that lets the user set a new password was requested.
    UserPasswordResetRequested = "svc.user.password_reset_requested.v1",
    /// A mail to the new email address was requested, to confirm the change.
    UserEmailChangeRequested = "svc.user.email_change_requested.v1",
    /// The user is warned after too many wrong passwords for the account.
    UserGuessingDetected = "svc.user.guessing_detected.v1",
    /// The email address changed. The user proved that the new one is theirs.
    UserEmailChanged = "svc.user.email_changed.v1",
    /// The owner of the email address stated that the account is not theirs. Its password was made unusable.
    UserDisowned = "svc.user.disowned.v1",
    /// The owner of the requested new email address stated that the account is not theirs. The change was
    /// withdrawn.
    UserEmailChangeDisowned = "svc.user.email_change_disowned.v1",
    /// The user was deleted.
    UserDeleted = "svc.user.deleted.v1",
    /// A session was opened.
    SessionStarted = "svc.session.started.v1",
    /// A session was revoked.
    SessionRevoked = "svc.session.revoked.v1",
    /// A refresh token was reused, and its session was revoked.
    SessionReuseDetected = "svc.session.reuse_detected.v1",
    /// A network or a user was banned, or the reason or end of the ban changed.
    BanAdded = "svc.ban.added.v1",
    /// A ban was removed before its end.
    BanRemoved = "svc.ban.removed.v1",
}

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

impl EventType {
    /// The cached object that events of this type invalidate. A request for a mail changes nothing;
    /// invalidating the caches for it would take measurable time and so reveal that the account exists. A new
    /// session is in no cache yet. Bans are cached by the version of their list.
    #[must_use]
    pub const fn invalidates(self) -> Invalidates {
        match self {
            Self::UserVerificationRequested
            | Self::UserPasswordResetRequested
            | Self::UserEmailChangeRequested
            | Self::UserGuessingDetected
            | Self::UserEmailChangeDisowned
            | Self::SessionStarted
            | Self::BanAdded
            | Self::BanRemoved => Invalidates::Nothing,
            Self::UserRegistered
            | Self::UserUpdated
            | Self::UserPasswordChanged
            | Self::UserLocked
            | Self::UserUnlocked
            | Self::UserRoleChanged
            | Self::UserEmailVerified
            | Self::UserEmailChanged
            | Self::UserDisowned
            | Self::UserDeleted => Invalidates::User,
            Self::SessionRevoked | Self::SessionReuseDetected => Invalidates::Session,
        }
    }
}
