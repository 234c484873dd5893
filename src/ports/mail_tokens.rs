use secrecy::SecretString;
use uuid::Uuid;

use crate::domain::{Email, MailPurpose, MailRequestKind, MailTokenDigest, UserId};

/// A token made under one secret key.
pub struct MintedMailToken {
    /// As the link in the mail carries it.
    pub token: SecretString,
    /// As the store keeps it when the token was issued under that key.
    pub digest: MailTokenDigest,
}

/// Makes the tokens that are sent by mail. The same event always gives the same token, so none has to be stored: it is made
/// when its digest is noted, and again when the mail is written.
pub trait MailTokens: Send + Sync {
    /// The token of the event that asks for the mail, made under each secret key in use, the present one first. The mail
    /// carries the one whose digest is stored.
    fn mint(&self, event_id: Uuid, purpose: MailPurpose) -> Vec<MintedMailToken>;

    /// The digest to store for that event: of the token under the present secret key.
    fn digest_of(&self, event_id: Uuid, purpose: MailPurpose) -> MailTokenDigest;

    /// The digests that the store may have for a presented token, one for each secret key in use; none when the text does
    /// not have the form of a token.
    fn digests(&self, token: &str) -> Vec<MailTokenDigest>;

    /// What is kept of an address that something was sent to, whether or not there is an account behind it. Nobody who
    /// reads it can tell the address. With who asked for it, it is another one for each of them.
    fn address_digest(&self, email: &Email, purpose: MailPurpose, asked_by: Option<UserId>) -> [u8; 32];

    /// The digest that names a request for a mail to an address.
    fn request_digest(&self, email: &Email, kind: MailRequestKind) -> [u8; 32];
}
