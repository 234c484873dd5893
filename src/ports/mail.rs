use std::fmt;

use async_trait::async_trait;

use crate::domain::{Email, Timestamp};

/// Sends mails to a mail server or another destination.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends one mail, within eight seconds whatever the server does. After an error the mail may still have
    /// been accepted: if the connection broke before the reply, the result is unknown.
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;
}

/// A mail to one recipient. Its `Debug` form omits the texts, which may contain a link that opens an account.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The unique id of the mail, without angle brackets (RFC 5322, section 3.6.4). A mail that is sent again
    /// has the same id, so that a mail program can recognize it.
    pub message_id: String,
    /// The recipient.
    pub to: Email,
    /// The subject, one line.
    pub subject: String,
    /// The plain-text body.
    pub text: String,
    /// The HTML body, with the same content.
    pub html: String,
    /// When the event that caused it happened.
    pub date: Timestamp,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail")
            .field("message_id", &self.message_id)
            .field("to", &self.to)
            .field("subject", &self.subject)
            .field("text", &"[redacted]")
            .field("html", &"[redacted]")
            .field("date", &self.date)
            .finish()
    }
}

/// Why a mail was not sent. The text is for operators and never contains a password or text of the mail.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// A later attempt may succeed: the server is unreachable or busy, or a setting is wrong and can be
    /// corrected.
    #[error("{0}")]
    Temporary(String),
    /// No attempt will succeed: the server refuses this mail or this recipient.
    #[error("{0}")]
    Permanent(String),
}
