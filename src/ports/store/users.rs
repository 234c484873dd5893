use async_trait::async_trait;

use super::StoreError;
use crate::domain::{Account, Email, PasswordHash, Role, Timestamp, User, UserId, UserStatus};

/// How many rows a page of users or sessions has at most.
pub const LONGEST_PAGE: u32 = 256;

/// Users, read without a transaction.
#[async_trait]
pub trait UserReader: Send + Sync {
    /// The user with this id.
    async fn find(&self, id: UserId) -> Result<Option<User>, StoreError>;

    /// The user with this address (compared by its key), and their hash.
    async fn find_account_by_email(&self, email: &Email) -> Result<Option<Account>, StoreError>;

    /// The user with this id, and their hash.
    async fn find_account(&self, id: UserId) -> Result<Option<Account>, StoreError>;

    /// At most `limit` users that match, and no more than [`LONGEST_PAGE`], in the order of their ids, after `after`.
    async fn page(
        &self,
        filter: &UserFilter,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<User>, StoreError>;
}

/// Which users a page holds: those that match everything that is given.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// With exactly this address (compared by its key).
    pub email: Option<Email>,
    /// With this role.
    pub role: Option<Role>,
    /// With this status.
    pub status: Option<UserStatus>,
}

/// Users, inside a unit of work.
#[async_trait]
pub trait Users: Send {
    /// Adds a user; a conflict on [`Constraint::UserEmail`](super::Constraint) when the address is taken.
    async fn insert(&mut self, user: &User, hash: &PasswordHash) -> Result<(), StoreError>;

    /// The user, whom nobody else can change until the unit of work ends.
    async fn lock(&mut self, id: UserId) -> Result<Option<Account>, StoreError>;

    /// Locks every active administrator, in the order of their ids, and returns them. Taken before the lock on
    /// any other user, so that two changes of administrators wait for each other and never in a circle.
    async fn lock_active_admins(&mut self) -> Result<Vec<UserId>, StoreError>;

    /// Writes name, role, status, verification and `updated_at`; raises the version and returns the row.
    async fn update(&mut self, user: &User) -> Result<User, StoreError>;

    /// Writes an address that is known to be the user's, and `updated_at`; raises the version and returns the row. A conflict
    /// on [`Constraint::UserEmail`](super::Constraint) when the address is taken.
    async fn set_email(&mut self, id: UserId, email: &Email, now: Timestamp) -> Result<User, StoreError>;

    /// Writes the hash alone: the user whom others see is the same, so the version stays.
    async fn set_password_hash(&mut self, id: UserId, hash: &PasswordHash) -> Result<(), StoreError>;

    /// Removes the user and their sessions; whether there was one.
    async fn delete(&mut self, id: UserId) -> Result<bool, StoreError>;
}
