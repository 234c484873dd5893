use async_trait::async_trait;

use crate::ports::mail::MailError;

/// Inspects the mail server.
#[async_trait]
pub trait MailInspector: Send + Sync {
    /// Connects and logs in as for a mail, and sends none, in bounded time.
    async fn inspect(&self) -> Result<MailFacts, MailError>;
}

/// What was measured of the mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct MailFacts {
    /// The host and the port.
    pub server: String,
    /// Whether the connection is encrypted.
    pub is_encrypted: bool,
    /// Whether the server is on this machine.
    pub is_local: bool,
    /// Whether the service logged in.
    pub is_logged_in: bool,
    /// Whether it accepts addresses whose local part is not ASCII (SMTPUTF8).
    pub takes_all_addresses: bool,
}
