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
}

/// An invitation with its user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitedUser {
    /// The user.
    pub user: User,
    /// The invitation.
    pub invitation: Invitation,
}
