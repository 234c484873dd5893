use secrecy::SecretString;
use uuid::Uuid;

use crate::domain::{Email, MailPurpose, MailTokenDigest, UserId};

/// Makes the tokens that are sent by mail. The same event always gives the same token, so none has to be stored: it is made
/// when its digest is noted, and again when the mail is written.
pub trait MailTokens: Send + Sync {
    /// The token of the event that asks for the mail.
    fn token(&self, event_id: Uuid, purpose: MailPurpose) -> SecretString;

    /// What is kept of the token of that event.
    fn digest_of(&self, event_id: Uuid, purpose: MailPurpose) -> MailTokenDigest;

    /// What is kept of a token; `None` when it has not the form of one.
    fn digest(&self, token: &str) -> Option<MailTokenDigest>;

    /// What is kept of an address that something was sent to, whether or not there is an account behind it. Nobody who
    /// reads it can tell the address. With who asked for it, it is another one for each of them.
    fn address_digest(&self, email: &Email, purpose: MailPurpose, asked_by: Option<UserId>) -> [u8; 32];
}
