use std::fmt;

use secrecy::SecretString;
use uuid::Uuid;

use super::mail::Mail;
use crate::domain::{DisplayName, Email, Timestamp};

/// Finds the words for what a mail has to say.
pub trait MailTemplates: Send + Sync {
    /// The mail. One that is written again is the same, its Message-ID too.
    fn write(&self, letter: &MailDraft) -> Result<Mail, MailTemplateError>;
}

/// What one mail has to say.
#[derive(Clone, Debug)]
pub struct MailDraft {
    /// The event that it tells of.
    pub event_id: Uuid,
    /// When that happened.
    pub at: Timestamp,
    /// To whom it goes.
    pub to: Email,
    /// What the account's owner is called. Only where the address is known to be theirs: whoever registers with a stranger's
    /// address could otherwise have the service send that stranger whatever fits into a name.
    pub name: Option<DisplayName>,
    /// What it is about.
    pub subject: MailTopic,
}

/// What a mail is about.
#[derive(Clone, Debug)]
pub enum MailTopic {
    /// A link that shows that the address is theirs.
    VerifyEmail(MailLink),
    /// A link that lets them set another password.
    ResetPassword(MailLink),
    /// A link that makes this address the account's.
    ConfirmEmail(MailLink),
    /// To the address so far: another one was asked for.
    EmailChangeRequested {
        /// Which.
        new_email: Email,
    },
    /// To the address before: it is another one now.
    EmailChanged {
        /// Which.
        new_email: Email,
    },
    /// The password is another one now.
    PasswordChanged,
    /// Many wrong passwords were given for the account.
    GuessingDetected,
    /// A refresh token was used twice, and its session ended.
    SessionReuseDetected,
}

impl MailTopic {
    /// What the templates are called.
    #[must_use]
    pub const fn template(&self) -> &'static str {
        match self {
            Self::VerifyEmail(_) => "verify_email",
            Self::ResetPassword(_) => "reset_password",
            Self::ConfirmEmail(_) => "confirm_email",
            Self::EmailChangeRequested { .. } => "email_change_requested",
            Self::EmailChanged { .. } => "email_changed",
            Self::PasswordChanged => "password_changed",
            Self::GuessingDetected => "guessing_detected",
            Self::SessionReuseDetected => "session_reuse_detected",
        }
    }
}

/// What a link carries.
#[derive(Clone)]
pub struct MailLink {
    /// What opens it.
    pub token: SecretString,
    /// Until when.
    pub expires_at: Timestamp,
}

impl fmt::Debug for MailLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailLink([redacted] until {})", self.expires_at)
    }
}

/// A template does not do, in words for an operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct MailTemplateError(pub String);
