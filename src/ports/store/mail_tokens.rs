use async_trait::async_trait;

use super::error::StoreError;
use crate::domain::{MailPurpose, MailToken, MailTokenDigest, Timestamp, UserId};

/// Mailed tokens, read and cleaned without a unit of work.
#[async_trait]
pub trait MailTokenReader: Send + Sync {
    /// Finds the token with this digest, even if it has expired. A token that was used or replaced by a newer
    /// one is not found.
    async fn find(&self, digest: MailTokenDigest) -> Result<Option<MailToken>, StoreError>;

    /// The tokens of a user, at most one per purpose, even if they have expired.
    async fn of_user(&self, user: UserId) -> Result<Vec<MailToken>, StoreError>;

    /// Removes at most `limit` tokens that expired before a time, and returns their number.
    async fn clean(&self, expired_before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}

/// The times of the last requests for mails. Their clean-up needs no unit of work.
#[async_trait]
pub trait MailThrottleCleaner: Send + Sync {
    /// Removes at most `limit` times before another one, and returns their number.
    async fn clean(&self, asked_before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}

/// Mailed tokens, inside a unit of work. Lock the user before their tokens are changed.
#[async_trait]
pub trait MailTokenRecords: Send {
    /// Stores a token, replacing the user's earlier token of the same purpose.
    async fn put(&mut self, token: &MailToken) -> Result<(), StoreError>;

    /// Removes the token with this digest if it is valid at `now`. Returns whether it did: of concurrent
    /// callers exactly one succeeds.
    async fn take(&mut self, digest: MailTokenDigest, now: Timestamp) -> Result<bool, StoreError>;

    /// Removes all tokens of a user except those of purpose `except`.
    async fn remove_all_of(&mut self, user: UserId, except: Option<MailPurpose>) -> Result<(), StoreError>;
}

/// The time of the last request for a mail to an email address, inside a unit of work.
#[async_trait]
pub trait MailThrottle: Send {
    /// Records a request at `now`, unless there was one after `since`. Returns whether it was recorded.
    async fn pass(&mut self, address: [u8; 32], now: Timestamp, since: Timestamp)
    -> Result<bool, StoreError>;
}
