use std::time::Duration;

use uuid::Uuid;

use super::cause::Cause;
use super::email::Email;
use super::locale::Locale;
use super::timestamp::Timestamp;
use super::words::words;

words! {
    /// The kinds of mail that a client can request for an email address without authentication.
    #[derive(Hash)]
    pub enum MailRequestKind {
        /// A link that sets a new password.
        ResetPassword = "reset_password",
        /// A link that verifies the email address.
        VerifyEmail = "verify_email",
        /// A warning after many wrong passwords.
        GuessingWarning = "guessing_warning",
    }
}

impl MailRequestKind {
    /// The shortest time between two mails of this kind to one email address, so that strangers cannot fill a
    /// mailbox.
    #[must_use]
    pub const fn pause(self) -> Duration {
        match self {
            Self::ResetPassword | Self::VerifyEmail => Duration::from_mins(1),
            Self::GuessingWarning => Duration::from_hours(24),
        }
    }
}

/// A request for a mail to an email address, recorded without looking up the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailRequest {
    /// A MAC of the kind and the email address.
    pub digest: [u8; 32],
    /// The kind of mail.
    pub kind: MailRequestKind,
    /// The recipient.
    pub email: Email,
    /// The language that the client prefers, for a user without one.
    pub language: Option<Locale>,
    /// When it was made.
    pub requested_at: Timestamp,
    /// The earliest time to process it.
    pub due_at: Timestamp,
}

/// A mail request that a worker has claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedMailRequest {
    /// The key of the request.
    pub digest: [u8; 32],
    /// The kind of mail.
    pub kind: MailRequestKind,
    /// The recipient.
    pub email: Email,
    /// The language that the client prefers, for a user without one.
    pub language: Option<Locale>,
    /// The request in which it was made, and its trace.
    pub cause: Cause,
    /// The fencing token: the result counts only while the request still carries this claim.
    pub claim: Uuid,
}
