//! A session with its user, in one row. Columns of the user that share a name with one of the session are
//! renamed.

use super::row::SessionRow;
use crate::adapters::sqlx::tables::user_row::UserRow;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::domain::{Session, User};
use crate::ports::store::StoreError;

/// Selects sessions of `$from`, each with its user.
macro_rules! with_user {
    ($from:expr, $rest:literal) => {
        const_format::concatcp!(
            "SELECT ",
            COLUMNS,
            ", email, email_key, email_verified, name, locale, role, status, metadata, app_metadata, version, \
             user_created_at, user_updated_at FROM ",
            $from,
            " JOIN (SELECT id AS owner, email, email_key, email_verified, name, locale, role, status, metadata, \
             app_metadata, version, created_at AS user_created_at, updated_at AS user_updated_at FROM users) \
             AS owners ON owner = user_id ",
            $rest
        )
    };
}
pub(super) use with_user;

/// The columns of the user of a session that a statement returns. A statement that updates sessions can join
/// no other table in what it returns, on SQLite.
macro_rules! returned_user {
    () => {
        const_format::concatcp!(
            returned_user!("email", "email"),
            returned_user!("email_key", "email_key"),
            returned_user!("email_verified", "email_verified"),
            returned_user!("name", "name"),
            returned_user!("locale", "locale"),
            returned_user!("role", "role"),
            returned_user!("status", "status"),
            returned_user!("metadata", "metadata"),
            returned_user!("app_metadata", "app_metadata"),
            returned_user!("version", "version"),
            returned_user!("created_at", "user_created_at"),
            returned_user!("updated_at", "user_updated_at")
        )
    };
    ($column:literal, $name:literal) => {
        const_format::concatcp!(", (SELECT ", $column, " FROM users WHERE users.id = user_id) AS ", $name)
    };
}
pub(super) use returned_user;

#[derive(sqlx::FromRow)]
pub(super) struct SessionWithUserRow {
    #[sqlx(flatten)]
    session: SessionRow,
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

impl TryFrom<SessionWithUserRow> for (Session, User) {
    type Error = StoreError;

    fn try_from(row: SessionWithUserRow) -> Result<Self, StoreError> {
        let user = UserRow {
            id: row.session.user_id,
            email: row.email,
            email_key: row.email_key,
            email_verified: row.email_verified,
            name: row.name,
            locale: row.locale,
            role: row.role,
            status: row.status,
            metadata: row.metadata,
            app_metadata: row.app_metadata,
            version: row.version,
            created_at: row.user_created_at,
            updated_at: row.user_updated_at,
        };
        Ok((row.session.try_into()?, user.try_into()?))
    }
}
