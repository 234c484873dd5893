use std::time::Duration;

use super::email::Email;
use super::timestamp::Timestamp;
use super::user::{UserId, words};

/// What a token that is sent by mail is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MailPurpose {
    /// Shows that the address is the user's.
    VerifyEmail,
    /// Sets a new password without the old one.
    ResetPassword,
    /// Makes the address it was sent to the user's.
    ChangeEmail,
}

words!(MailPurpose {
    VerifyEmail = "verify_email",
    ResetPassword = "reset_password",
    ChangeEmail = "change_email",
});

/// What is kept of a token that is sent by mail: enough to know it again, not enough to make it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MailTokenDigest(pub [u8; 32]);

/// A token that was sent by mail and waits to be used. A user has one for each purpose: a newer one takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailToken {
    /// Of the token.
    pub digest: MailTokenDigest,
    /// Whose it is.
    pub user_id: UserId,
    /// What it is good for.
    pub purpose: MailPurpose,
    /// The address that it is sent to, and that using it proves.
    pub email: Email,
    /// When it was made.
    pub created_at: Timestamp,
    /// From then on it is good for nothing.
    pub expires_at: Timestamp,
}

impl MailToken {
    /// Whether it may be used at `now`.
    #[must_use]
    pub fn is_good(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

/// How long tokens that are sent by mail are good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailTokenLifetimes {
    /// To verify an address.
    pub verify_email: Duration,
    /// To set a new password.
    pub reset_password: Duration,
    /// To confirm another address.
    pub change_email: Duration,
}

impl MailTokenLifetimes {
    /// How long one of this purpose is good.
    #[must_use]
    pub const fn of(&self, purpose: MailPurpose) -> Duration {
        match purpose {
            MailPurpose::VerifyEmail => self.verify_email,
            MailPurpose::ResetPassword => self.reset_password,
            MailPurpose::ChangeEmail => self.change_email,
        }
    }
}
