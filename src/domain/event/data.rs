//! The data of events that is no entity.

use crate::domain::email::Email;
use crate::domain::locale::Locale;
use crate::domain::session::{RevocationReason, SessionId};
use crate::domain::signing_key::{Algorithm, KeyId, SigningKey};
use crate::domain::timestamp::Timestamp;
use crate::domain::user::{Role, User};

/// A user with another role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleChange {
    /// The user with the new role.
    pub user: User,
    /// The previous role.
    pub from: Role,
}

/// A mail with a link that was requested for a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedMail {
    /// The user, unchanged.
    pub user: User,
    /// When the link in the mail expires.
    pub expires_at: Timestamp,
    /// The language that the client prefers, for a user without one.
    pub language: Option<Locale>,
}

/// An invitation that was sent. The user has no password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentInvitation {
    /// The user, unchanged.
    pub user: User,
    /// When the link in the mail expires.
    pub expires_at: Timestamp,
}

/// A change of the email address that waits for a confirmation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedEmailChange {
    /// The user, unchanged, with the current email address.
    pub user: User,
    /// The new email address. It may belong to another user.
    pub new_email: Email,
    /// When the link in the mail expires.
    pub expires_at: Timestamp,
    /// The language that the client prefers, for a user without one.
    pub language: Option<Locale>,
    /// Whether a notice goes to the current email address. False if a notice of another request went there
    /// shortly before.
    pub notice: bool,
}

/// A user with another email address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailChange {
    /// The user with the new email address.
    pub user: User,
    /// The previous email address.
    pub from: Email,
}

/// A new email address whose owner disowned the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisownedEmail {
    /// The user, unchanged.
    pub user: User,
    /// The new email address that was withdrawn.
    pub new_email: Email,
}

/// A user who was deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletedUser {
    /// The email address, which is free again.
    pub email: Email,
    /// The version after the last one.
    pub version: i64,
}

/// A session that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndedSession(pub SessionId);

/// A session that was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevokedSession(pub SessionId, pub RevocationReason);

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
