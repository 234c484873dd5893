//! The columns of a user, and how they are read.

use uuid::Uuid;

use crate::adapters::sqlx::error::corrupt;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::domain::{Account, DisplayName, Email, Locale, Metadata, PasswordHash, User, UserId};
use crate::ports::store::StoreError;

pub(super) const COLUMNS: &str = "id, email, email_key, email_verified, name, locale, role, status, metadata, app_metadata, version, \
     created_at, updated_at";

#[derive(sqlx::FromRow)]
pub(in crate::adapters::sqlx) struct UserRow {
    pub(in crate::adapters::sqlx) id: Uuid,
    pub(in crate::adapters::sqlx) email: String,
    pub(in crate::adapters::sqlx) email_key: String,
    pub(in crate::adapters::sqlx) email_verified: bool,
    pub(in crate::adapters::sqlx) name: Option<String>,
    pub(in crate::adapters::sqlx) locale: Option<String>,
    pub(in crate::adapters::sqlx) role: String,
    pub(in crate::adapters::sqlx) status: String,
    pub(in crate::adapters::sqlx) metadata: String,
    pub(in crate::adapters::sqlx) app_metadata: String,
    pub(in crate::adapters::sqlx) version: i64,
    pub(in crate::adapters::sqlx) created_at: SqlTimestamp,
    pub(in crate::adapters::sqlx) updated_at: SqlTimestamp,
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
        let user = format!("user {}", row.id);
        let metadata = |column, text: &str| {
            Metadata::stored(text).ok_or_else(|| corrupt(&user, column, "not a JSON object"))
        };
        Ok(Self {
            id: UserId(row.id),
            email: Email::stored(row.email, row.email_key),
            email_verified: row.email_verified,
            name: row.name.map(DisplayName::stored),
            locale: row.locale.map(Locale::stored),
            role: row.role.parse().map_err(|why| corrupt(&user, "role", why))?,
            status: row.status.parse().map_err(|why| corrupt(&user, "status", why))?,
            metadata: metadata("metadata", &row.metadata)?,
            app_metadata: metadata("app_metadata", &row.app_metadata)?,
            version: row.version,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
        })
    }
}

impl TryFrom<AccountRow> for Account {
    type Error = StoreError;

    fn try_from(row: AccountRow) -> Result<Self, StoreError> {
        Ok(Self { user: row.user.try_into()?, password_hash: PasswordHash::new(row.password_hash) })
    }
}
