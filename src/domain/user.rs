use std::str::FromStr;

use super::email::Email;
use super::id::id;
use super::locale::Locale;
use super::metadata::Metadata;
use super::name::DisplayName;
use super::password::PasswordHash;
use super::timestamp::Timestamp;
use super::words::words;

id! {
    /// The unique id of a user, version 7, so that ids sort by creation time (RFC 9562).
    pub struct UserId
}

/// The account of a person or a service. The password is not part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Never changes.
    pub id: UserId,
    /// Unique by its key.
    pub email: Email,
    /// Whether the user proved that the email address is theirs.
    pub email_verified: bool,
    /// The name by which the user wants to be addressed.
    pub name: Option<DisplayName>,
    /// The language in which the user wants to be addressed.
    pub locale: Option<Locale>,
    /// The rights of the user.
    pub role: Role,
    /// Whether the user may log in.
    pub status: UserStatus,
    /// Data of applications, which the user writes.
    pub metadata: Metadata,
    /// Data of applications, which administrators write.
    pub app_metadata: Metadata,
    /// Counts the changes, from 1. The statement that changes the row increments it.
    pub version: i64,
    /// When the user was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl User {
    /// A new user of role `user` with nothing but an email address, which is not verified.
    #[must_use]
    pub fn new(id: UserId, email: Email, at: Timestamp) -> Self {
        Self {
            id,
            email,
            email_verified: false,
            name: None,
            locale: None,
            role: Role::User,
            status: UserStatus::Active,
            metadata: Metadata::default(),
            app_metadata: Metadata::default(),
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }

    /// Whether the user may log in and use their tokens.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == UserStatus::Active
    }

    /// Whether the user counts as an administrator in the last-administrator rule.
    #[must_use]
    pub fn is_active_admin(&self) -> bool {
        self.role == Role::Admin && self.is_active()
    }
}

/// A user with their password hash. It never leaves the use cases.
#[derive(Clone, Debug)]
pub struct Account {
    /// The user.
    pub user: User,
    /// The hash of the user's password.
    pub password_hash: PasswordHash,
}

impl Account {
    /// Whether the user can act as an administrator. Without a password, an invited one cannot yet.
    #[must_use]
    pub fn is_active_admin(&self) -> bool {
        self.user.is_active_admin() && self.password_hash.is_usable()
    }
}

words! {
    /// The rights of a user.
    #[derive(Hash)]
    pub enum Role {
        /// Manages their own account.
        User = "user",
        /// Manages all accounts.
        Admin = "admin",
    }
}

words! {
    /// Whether a user may log in.
    #[derive(Hash)]
    pub enum UserStatus {
        /// The user may log in.
        Active = "active",
        /// The user may not log in, and all their sessions were revoked.
        Locked = "locked",
    }
}

/// A user as an operator names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserRef {
    /// By id.
    Id(UserId),
    /// By email address.
    Email(Email),
}

impl FromStr for UserRef {
    type Err = super::email::EmailError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(id) => Ok(Self::Id(UserId(id))),
            Err(_) => Email::parse(text).map(Self::Email),
        }
    }
}
