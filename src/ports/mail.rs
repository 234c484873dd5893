use std::fmt;

use async_trait::async_trait;

use crate::domain::{Email, Timestamp};

/// Hands mails on to where they are delivered from.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands one mail on, within eight seconds, whatever the other side does. After an error the mail may have arrived all
    /// the same: nobody can know when the connection broke before the answer.
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;
}

/// A mail to one person. Shown without its texts, which may hold a link that opens an account.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// Names the mail for ever, without angle brackets (RFC 5322, section 3.6.4): one that is sent again has the same, so
    /// that a mail program can tell.
    pub message_id: String,
    /// To whom.
    pub to: Email,
    /// One line.
    pub subject: String,
    /// The text for those who read no HTML.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// When what it tells of happened.
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

/// Why a mail was not handed on, in words for an operator. Never holds a password or a text of the mail.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// It may go well later: nobody answers, the server is busy, or what is set is wrong and can be mended.
    #[error("{0}")]
    Temporary(String),
    /// It never will: this mail, or this address, is refused.
    #[error("{0}")]
    Permanent(String),
}
