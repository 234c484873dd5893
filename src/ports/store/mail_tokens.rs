use async_trait::async_trait;

use super::StoreError;
use crate::domain::{MailPurpose, MailToken, MailTokenDigest, Timestamp, UserId};

/// Tokens that were sent by mail, read without a transaction.
#[async_trait]
pub trait MailTokenReader: Send + Sync {
    /// The token with this digest, however old. One that was used, or that a newer one took the place of, is not there.
    async fn find(&self, digest: MailTokenDigest) -> Result<Option<MailToken>, StoreError>;
}

/// Tokens that were sent by mail, inside a unit of work. Whoever changes a user's locks the user first.
#[async_trait]
pub trait MailTokenRecords: Send {
    /// Notes a token, in the place of the user's earlier one of its purpose.
    async fn put(&mut self, token: &MailToken) -> Result<(), StoreError>;

    /// Takes away the token with this digest, if it is good at `now`; whether it was there. Of any number at once one gets
    /// it.
    async fn take(&mut self, digest: MailTokenDigest, now: Timestamp) -> Result<bool, StoreError>;

    /// Removes every token of a user but the one of purpose `except`.
    async fn remove_all_of(&mut self, user: UserId, except: Option<MailPurpose>) -> Result<(), StoreError>;
}

/// When somebody last asked for a mail to an address, inside a unit of work.
#[async_trait]
pub trait MailThrottle: Send {
    /// Notes that somebody asks at `now`, unless somebody did after `since`; whether nobody did.
    async fn pass(&mut self, address: [u8; 32], now: Timestamp, since: Timestamp)
    -> Result<bool, StoreError>;
}
