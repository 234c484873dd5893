use std::time::Duration;

use uuid::Uuid;

use super::email::Email;
use super::timestamp::Timestamp;
use super::trace_parent::TraceParent;
use super::user::words;

/// A mail that a client can cause by an email address alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MailRequestKind {
    /// A link that sets a new password.
    ResetPassword,
    /// A link that verifies the address.
    VerifyEmail,
    /// A warning that many wrong passwords were given.
    GuessingWarning,
}

words!(MailRequestKind {
    ResetPassword = "reset_password",
    VerifyEmail = "verify_email",
    GuessingWarning = "guessing_warning",
});

impl MailRequestKind {
    /// The shortest time between two mails of this kind to one address: else strangers could fill a mailbox.
    #[must_use]
    pub const fn pause(self) -> Duration {
        match self {
            Self::ResetPassword | Self::VerifyEmail => Duration::from_mins(1),
            Self::GuessingWarning => Duration::from_hours(24),
        }
    }
}

/// A request for a mail to an email address, made without looking for an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailRequest {
    /// A MAC of the kind and the address.
    pub digest: [u8; 32],
    /// Which mail.
    pub kind: MailRequestKind,
    /// Where to.
    pub email: Email,
    /// When it was made.
    pub requested_at: Timestamp,
    /// When it is answered at the earliest.
    pub due_at: Timestamp,
}

/// A request that a worker has claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedMailRequest {
    /// Names the request.
    pub digest: [u8; 32],
    /// Which mail.
    pub kind: MailRequestKind,
    /// Where to.
    pub email: Email,
    /// The trace in which it was made, when that is known.
    pub trace: Option<TraceParent>,
    /// The claim: the answer counts only while it is the request's.
    pub claim: Uuid,
}
