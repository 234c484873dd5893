use async_trait::async_trait;

use super::error::StoreError;
use crate::domain::{Account, Email, PasswordHash, Role, Timestamp, User, UserId, UserStatus};

/// The maximum number of rows of a page of users or sessions.
pub const LONGEST_PAGE: u32 = 256;

/// Users, read without a transaction.
#[async_trait]
pub trait UserReader: Send + Sync {
    /// Finds the user with this id.
    async fn find(&self, id: UserId) -> Result<Option<User>, StoreError>;

    /// Finds the user with this email address (compared by its key), with their hash.
    async fn find_account_by_email(&self, email: &Email) -> Result<Option<Account>, StoreError>;

    /// Finds the user with this id, with their hash.
    async fn find_account(&self, id: UserId) -> Result<Option<Account>, StoreError>;

    /// At most `limit` matching users, and no more than [`LONGEST_PAGE`], ordered by id, after `after`.
    async fn page(
        &self,
        filter: &UserFilter,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<User>, StoreError>;

    /// Whether there is an active administrator with a password beside this user: the rule of
    /// [`Users::lock_active_admins`], without a lock.
    async fn has_other_active_admin(&self, user: UserId) -> Result<bool, StoreError>;
}

/// A filter for users. A user must match all given members.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// Exactly this email address (compared by its key).
    pub email: Option<Email>,
    /// This role.
    pub role: Option<Role>,
    /// This status.
    pub status: Option<UserStatus>,
}

/// Users, inside a unit of work.
#[async_trait]
pub trait Users: Send {
    /// Inserts a user. Fails with a conflict on [`Constraint::UserEmail`](super::error::Constraint) if the
    /// email address is taken.
    async fn insert(&mut self, user: &User, hash: &PasswordHash) -> Result<(), StoreError>;

    /// Finds the user and takes the row lock: no other transaction can change the user until the unit of work
    /// ends.
    async fn lock(&mut self, id: UserId) -> Result<Option<Account>, StoreError>;

    /// Finds the user with this email address (compared by its key), and takes the row lock.
    async fn lock_by_email(&mut self, email: &Email) -> Result<Option<Account>, StoreError>;

    /// Locks all active administrators with a password, in the order of their ids, and returns them. Call it
    /// before locking any other user, so that two changes of administrators wait for each other without a
    /// deadlock.
    async fn lock_active_admins(&mut self) -> Result<Vec<UserId>, StoreError>;

    /// Writes the name, role, status, verification and `updated_at`. Increments the version and returns the
    /// row.
    async fn update(&mut self, user: &User) -> Result<User, StoreError>;

    /// Writes a verified email address and `updated_at`. Increments the version and returns the row. Fails
    /// with a conflict on [`Constraint::UserEmail`](super::error::Constraint) if the email address is taken.
    async fn set_email(&mut self, id: UserId, email: &Email, now: Timestamp) -> Result<User, StoreError>;

    /// Writes only the hash. The visible user does not change, so neither does the version.
    async fn set_password_hash(&mut self, id: UserId, hash: &PasswordHash) -> Result<(), StoreError>;

    /// Removes the user and their sessions. Returns false if there was no such user.
    async fn delete(&mut self, id: UserId) -> Result<bool, StoreError>;
}
