use secrecy::SecretString;
use uuid::Uuid;

use crate::domain::{Email, MailPurpose, MailRequestKind, MailTokenDigest, UserId};

/// A mailed token that was derived from one secret key.
pub struct MintedMailToken {
    /// The token, as the link in the mail contains it.
    pub token: SecretString,
    /// The digest that was stored if the token was issued under this secret key.
    pub digest: MailTokenDigest,
}

/// Derives the tokens that are sent by mail. The same event always gives the same token, so no token is
/// stored: it is derived when its digest is stored, and again when the mail is written.
pub trait MailTokens: Send + Sync {
    /// The token of the event that requests the mail, derived from each secret key in use, the current one
    /// first. The mail contains the token whose digest is stored.
    fn mint(&self, event_id: Uuid, purpose: MailPurpose) -> Vec<MintedMailToken>;

    /// The digest to store for the event: that of the token derived from the current secret key.
    fn digest_of(&self, event_id: Uuid, purpose: MailPurpose) -> MailTokenDigest;

    /// The digests under which a presented token may be stored, one per secret key in use. Empty if the text
    /// does not have the form of a token.
    fn digests(&self, token: &str) -> Vec<MailTokenDigest>;

    /// A keyed digest of an email address that receives a mail, whether or not it has an account. It does not
    /// reveal the address. With `asked_by`, the digest differs for each requesting user.
    fn address_digest(&self, email: &Email, purpose: MailPurpose, asked_by: Option<UserId>) -> [u8; 32];

    /// The digest that identifies a request for a mail to an email address.
    fn request_digest(&self, email: &Email, kind: MailRequestKind) -> [u8; 32];

    /// The digest that identifies a request to register an email address.
    fn registration_digest(&self, email: &Email) -> [u8; 32];
}
