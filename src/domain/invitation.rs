use super::email::Email;
use super::mail_token::MailTokenDigest;
use super::timestamp::Timestamp;
use super::user::{User, UserId};

/// An invitation that was not accepted yet: the user has no password, and may set one with the mailed token.
/// A user has one at most; a newer mail replaces its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The invited user.
    pub user_id: UserId,
    /// The digest of the token.
    pub digest: MailTokenDigest,
    /// The email address that the last mail went to; `None` if an older release requested it.
    pub sent_to: Option<Email>,
    /// When the last mail was requested.
    pub sent_at: Timestamp,
    /// When the token expires.
    pub expires_at: Timestamp,
}

impl Invitation {
    /// Whether its token is valid at `now`.
    #[must_use]
    pub fn is_good(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }

    /// Whether the mail went to this email address. Once a user has another one, the link would let the owner
    /// of the earlier mailbox in.
    #[must_use]
    pub fn is_for(&self, email: &Email) -> bool {
        self.sent_to.as_ref().is_none_or(|sent_to| sent_to.key() == email.key())
    }
}

/// An invitation with its user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitedUser {
    /// The user.
    pub user: User,
    /// The invitation.
    pub invitation: Invitation,
}
