use async_trait::async_trait;

use super::error::StoreError;
use crate::domain::{Invitation, InvitedUser, MailTokenDigest, Timestamp, UserId};

/// Invitations that were not accepted yet, read without a unit of work.
#[async_trait]
pub trait InvitationReader: Send + Sync {
    /// Finds the invitation with this digest, even if it has expired. An invitation that was accepted,
    /// revoked or sent again is not found.
    async fn find(&self, digest: MailTokenDigest) -> Result<Option<Invitation>, StoreError>;

    /// Finds the invitation of a user, even if it has expired.
    async fn of_user(&self, user: UserId) -> Result<Option<Invitation>, StoreError>;

    /// At most `limit` invitations with their users, and no more than [`LONGEST_PAGE`](super::LONGEST_PAGE),
    /// ordered by the id of the user, after `after`. A user who set a password in another way is left out.
    async fn page(&self, after: Option<UserId>, limit: u32) -> Result<Vec<InvitedUser>, StoreError>;
}

/// Invitations, inside a unit of work. Lock the user first.
#[async_trait]
pub trait Invitations: Send {
    /// Finds the invitation of a user, even if it has expired.
    async fn find_of(&mut self, user: UserId) -> Result<Option<Invitation>, StoreError>;

    /// Stores an invitation, replacing the earlier one of the user.
    async fn put(&mut self, invitation: &Invitation) -> Result<(), StoreError>;

    /// Removes the invitation with this digest if it is valid at `now`. Returns whether it did: of concurrent
    /// callers exactly one succeeds.
    async fn take(&mut self, digest: MailTokenDigest, now: Timestamp) -> Result<bool, StoreError>;

    /// Removes the invitation of a user. Returns false if there was none.
    async fn remove(&mut self, user: UserId) -> Result<bool, StoreError>;
}
