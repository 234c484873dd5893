use std::time::Duration;

use super::email::Email;
use super::timestamp::Timestamp;
use super::user::UserId;
use super::words::words;

words! {
    /// The purpose of a token that is sent by mail.
    #[derive(Hash)]
    pub enum MailPurpose {
        /// Verifies the email address.
        VerifyEmail = "verify_email",
        /// Sets a new password without the old one.
        ResetPassword = "reset_password",
        /// Changes the user's email address to the one that received the token.
        ChangeEmail = "change_email",
        /// Sets the first password of an invited user.
        AcceptInvitation = "accept_invitation",
    }
}

/// The stored digest of a mailed token: it identifies the token, but cannot recreate it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MailTokenDigest(pub [u8; 32]);

/// A mailed token that has not been used. A user has one per purpose; a newer one replaces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailToken {
    /// The digest of the token.
    pub digest: MailTokenDigest,
    /// The user that it was sent to.
    pub user_id: UserId,
    /// The purpose of the token.
    pub purpose: MailPurpose,
    /// The email address that receives the token, and that its use verifies.
    pub email: Email,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
}

impl MailToken {
    /// Whether it is valid at `now`.
    #[must_use]
    pub fn is_good(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

/// The lifetimes of mailed tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailTokenLifetimes {
    /// To verify an email address.
    pub verify_email: Duration,
    /// To set a new password.
    pub reset_password: Duration,
    /// To confirm a new email address.
    pub change_email: Duration,
    /// To accept an invitation.
    pub invitation: Duration,
}

impl MailTokenLifetimes {
    /// The lifetime of a token with this purpose.
    #[must_use]
    pub const fn of(&self, purpose: MailPurpose) -> Duration {
        match purpose {
            MailPurpose::VerifyEmail => self.verify_email,
            MailPurpose::ResetPassword => self.reset_password,
            MailPurpose::ChangeEmail => self.change_email,
            MailPurpose::AcceptInvitation => self.invitation,
        }
    }
}
