use std::fmt;

use secrecy::SecretString;
use uuid::Uuid;

use super::mail::Mail;
use crate::domain::{DisplayName, Email, Locale, Timestamp};

/// Composes mails from templates.
pub trait MailTemplates: Send + Sync {
    /// Renders the mail. Rendering the same draft again gives the same mail, including its Message-ID.
    fn write(&self, draft: &MailDraft) -> Result<Mail, MailTemplateError>;
}

/// The content of one mail.
#[derive(Clone, Debug)]
pub struct MailDraft {
    /// The event that caused the mail.
    pub event_id: Uuid,
    /// When the event happened.
    pub at: Timestamp,
    /// The recipient.
    pub to: Email,
    /// The user's name, only if the email address is verified. Otherwise a user could register with a
    /// stranger's email address and have the service send that stranger arbitrary text in the name.
    pub name: Option<DisplayName>,
    /// The languages that the recipient prefers, best first.
    pub locales: Vec<Locale>,
    /// The kind of mail, with its data.
    pub subject: MailTopic,
}

/// The kind of a mail, with its data.
#[derive(Clone, Debug)]
pub enum MailTopic {
    /// A link to verify the email address.
    VerifyEmail(MailLink),
    /// A link to set a new password.
    ResetPassword(MailLink),
    /// A link to confirm the new email address.
    ConfirmEmail(MailLink),
    /// A link to accept an invitation.
    Invitation(MailLink),
    /// A notice to the current email address that a change was requested.
    EmailChangeRequested {
        /// The requested email address.
        new_email: Email,
    },
    /// A notice to the previous email address that it was changed.
    EmailChanged {
        /// The new email address.
        new_email: Email,
    },
    /// A notice that the password was changed.
    PasswordChanged,
    /// A warning that many wrong passwords were presented.
    GuessingDetected,
    /// A notice that a registration named the email address, which has an account.
    RegistrationRepeated,
    /// A warning that a refresh token was reused, and that its session was revoked.
    SessionReuseDetected,
}

impl MailTopic {
    /// The name of the templates.
    #[must_use]
    pub const fn template(&self) -> &'static str {
        match self {
            Self::VerifyEmail(_) => "verify_email",
            Self::ResetPassword(_) => "reset_password",
            Self::ConfirmEmail(_) => "confirm_email",
            Self::Invitation(_) => "invitation",
            Self::EmailChangeRequested { .. } => "email_change_requested",
            Self::EmailChanged { .. } => "email_changed",
            Self::PasswordChanged => "password_changed",
            Self::GuessingDetected => "guessing_detected",
            Self::RegistrationRepeated => "registration_repeated",
            Self::SessionReuseDetected => "session_reuse_detected",
        }
    }
}

/// The content of a link.
#[derive(Clone)]
pub struct MailLink {
    /// The token that authorizes its user.
    pub token: SecretString,
    /// When the token expires.
    pub expires_at: Timestamp,
}

impl fmt::Debug for MailLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailLink([redacted] until {})", self.expires_at)
    }
}

/// A template cannot be rendered. The text is for operators.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct MailTemplateError(pub String);
