//! The columns of a user: how they are written, and how they are read.

use const_format::concatcp;
use uuid::Uuid;

use crate::adapters::sqlx::error::corrupt;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::domain::{Account, DisplayName, Email, Locale, Metadata, PasswordHash, User, UserId};
use crate::ports::store::StoreError;

/// The columns in one of the forms of [`column`], apart from the id. Each has the name that it has in a
/// result, which is the name of no column of a session.
macro_rules! columns {
    ($form:ident) => {
        concat!(
            column!($form, "email", "email"),
            column!($form, "email_key", "email_key"),
            column!($form, "email_verified", "email_verified"),
            column!($form, "name", "name"),
            column!($form, "locale", "locale"),
            column!($form, "role", "role"),
            column!($form, "status", "status"),
            column!($form, "metadata", "metadata"),
            column!($form, "app_metadata", "app_metadata"),
            column!($form, "version", "version"),
            column!($form, "created_at", "user_created_at"),
            column!($form, "updated_at", "user_updated_at")
        )
    };
}

macro_rules! column {
    (stored, $column:literal, $name:literal) => {
        concat!(", ", $column)
    };
    (read, $column:literal, $name:literal) => {
        concat!(", ", $column, " AS ", $name)
    };
    (named, $column:literal, $name:literal) => {
        concat!(", ", $name)
    };
    (looked_up, $column:literal, $name:literal) => {
        concat!(", (SELECT ", $column, " FROM users WHERE users.id = user_id) AS ", $name)
    };
}

/// The columns of a user, read from `users`.
pub(super) const COLUMNS: &str = concatcp!("id AS user_id", OTHER_COLUMNS);
/// The columns without the id, for a statement that reads `user_id` from another table.
pub(super) const OTHER_COLUMNS: &str = columns!(read);
/// The names that [`OTHER_COLUMNS`] give to the columns.
pub(super) const OTHER_NAMES: &str = columns!(named);
/// The columns without the id, for a statement that returns rows with a `user_id`. One that updates a table
/// can join no other table in what it returns, on SQLite.
pub(super) const LOOKED_UP: &str = columns!(looked_up);

pub(super) const INSERT: &str = concatcp!(
    "INSERT INTO users (id",
    columns!(stored),
    ", password_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
);

/// Binds a user to [`INSERT`], apart from the hash.
macro_rules! bind_user {
    ($statement:expr, $user:expr) => {
        $statement
            .bind($user.id.0)
            .bind($user.email.as_str())
            .bind($user.email.key())
            .bind($user.email_verified)
            .bind($user.name.as_ref().map(|name| name.as_str()))
            .bind($user.locale.as_ref().map(|locale| locale.as_str()))
            .bind($user.role.as_str())
            .bind($user.status.as_str())
            .bind($user.metadata.as_str())
            .bind($user.app_metadata.as_str())
            .bind($user.version)
            .bind(SqlTimestamp($user.created_at))
            .bind(SqlTimestamp($user.updated_at))
    };
}
pub(super) use bind_user;

/// Writes what a change of a user may change, except the email address.
pub(super) const UPDATE: &str = concatcp!(
    "UPDATE users SET email_verified = $2, name = $3, locale = $4, role = $5, status = $6, metadata = $7, \
     app_metadata = $8, updated_at = $9, version = version + 1 WHERE id = $1 RETURNING ",
    COLUMNS
);

/// Binds a user to [`UPDATE`].
macro_rules! bind_changes {
    ($statement:expr, $user:expr) => {
        $statement
            .bind($user.id.0)
            .bind($user.email_verified)
            .bind($user.name.as_ref().map(|name| name.as_str()))
            .bind($user.locale.as_ref().map(|locale| locale.as_str()))
            .bind($user.role.as_str())
            .bind($user.status.as_str())
            .bind($user.metadata.as_str())
            .bind($user.app_metadata.as_str())
            .bind(SqlTimestamp($user.updated_at))
    };
}
pub(super) use bind_changes;

#[derive(sqlx::FromRow)]
pub(super) struct UserRow {
    user_id: Uuid,
    email: String,
    email_key: String,
    email_verified: bool,
    name: Option<String>,
    locale: Option<String>,
    role: String,
    status: String,
    metadata: String,
    app_metadata: String,
    version: i64,
    user_created_at: SqlTimestamp,
    user_updated_at: SqlTimestamp,
}

#[derive(sqlx::FromRow)]
pub(super) struct AccountRow {
    #[sqlx(flatten)]
    user: UserRow,
    password_hash: String,
}

impl TryFrom<UserRow> for User {
    type Error = StoreError;

    fn try_from(row: UserRow) -> Result<Self, StoreError> {
        let user = format!("user {}", row.user_id);
        let metadata = |column, text: &str| {
            Metadata::stored(text).ok_or_else(|| corrupt(&user, column, "not a JSON object"))
        };
        Ok(Self {
            id: UserId(row.user_id),
            email: Email::stored(row.email, row.email_key),
            email_verified: row.email_verified,
            name: row.name.map(DisplayName::stored),
            locale: row.locale.map(Locale::stored),
            role: row.role.parse().map_err(|why| corrupt(&user, "role", why))?,
            status: row.status.parse().map_err(|why| corrupt(&user, "status", why))?,
            metadata: metadata("metadata", &row.metadata)?,
            app_metadata: metadata("app_metadata", &row.app_metadata)?,
            version: row.version,
            created_at: row.user_created_at.0,
            updated_at: row.user_updated_at.0,
        })
    }
}

impl TryFrom<AccountRow> for Account {
    type Error = StoreError;

    fn try_from(row: AccountRow) -> Result<Self, StoreError> {
        Ok(Self { user: row.user.try_into()?, password_hash: PasswordHash::new(row.password_hash) })
    }
}
