use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use serde::Serialize;
use serde_json::json;
use time::OffsetDateTime;
use time::macros::datetime;
use time::serde::rfc3339;
use uuid::{Uuid, uuid};

use super::metadata::MetadataView;
use super::nullable::Nullable;
use super::page::page;
use crate::domain::{Metadata, Role, User, UserStatus};

/// A user.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "User", example)]
pub struct UserView {
    /// ID of the user (UUID version 7); it never changes
    id: Uuid,
    /// Email address as it was entered
    email: String,
    /// Whether the email address is verified
    email_verified: bool,
    /// Display name of the user
    name: Nullable<String>,
    /// Language of mails to the user (BCP 47); null if it is not known
    locale: Nullable<String>,
    /// Role of the user
    role: RoleView,
    /// Whether the user can log in
    status: StatusView,
    /// Data of applications, which the user can change
    metadata: MetadataView,
    /// Data of applications, which only administrators can change
    app_metadata: MetadataView,
    /// Time at which the user was created (RFC 3339, UTC)
    #[serde(with = "rfc3339")]
    created_at: OffsetDateTime,
    /// Time of the last change (RFC 3339, UTC)
    #[serde(with = "rfc3339")]
    updated_at: OffsetDateTime,
}

/// The role of a user: `user` has access to the own account, `admin` to all accounts.
#[derive(Debug, Enum, Serialize)]
#[oai(rename = "Role", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum RoleView {
    /// Their own account
    User,
    /// Every account
    Admin,
}

/// Whether a user can log in.
#[derive(Debug, Enum, Serialize)]
#[oai(rename = "Status", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum StatusView {
    /// Yes
    Active,
    /// No
    Locked,
}

impl From<Role> for RoleView {
    fn from(role: Role) -> Self {
        match role {
            Role::User => Self::User,
            Role::Admin => Self::Admin,
        }
    }
}

impl From<&User> for UserView {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.0,
            email: user.email.to_string(),
            email_verified: user.email_verified,
            name: Nullable(user.name.as_ref().map(ToString::to_string)),
            locale: Nullable(user.locale.as_ref().map(ToString::to_string)),
            role: user.role.into(),
            status: match user.status {
                UserStatus::Active => StatusView::Active,
                UserStatus::Locked => StatusView::Locked,
            },
            metadata: MetadataView(user.metadata.clone()),
            app_metadata: MetadataView(user.app_metadata.clone()),
            created_at: user.created_at.into(),
            updated_at: user.updated_at.into(),
        }
    }
}

page! {
    /// A page of users.
    #[derive(Debug, Object, Serialize)]
    #[oai(rename = "UserPage", example)]
    pub struct UserPageView of User {
        /// The users on this page, in the order of their registration
        UserView
    }
}

impl Example for UserView {
    fn example() -> Self {
        Self {
            id: uuid!("019b7c2a-5b2c-7d4e-8f60-718293a4b5c6"),
            email: "ada@example.com".to_owned(),
            email_verified: false,
            name: Nullable(Some("Ada Lovelace".to_owned())),
            locale: Nullable(Some("en".to_owned())),
            role: RoleView::User,
            status: StatusView::Active,
            metadata: example("theme", "dark"),
            app_metadata: example("plan", "pro"),
            created_at: datetime!(2026-01-02 03:04:05.678901 UTC),
            updated_at: datetime!(2026-01-02 03:04:05.678901 UTC),
        }
    }
}

fn example(name: &str, value: &str) -> MetadataView {
    MetadataView(Metadata::stored(&json!({ name: value }).to_string()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use poem_openapi::types::ToJSON;

    use super::*;

    #[test]
    fn what_is_written_is_what_is_documented() {
        let nameless = || UserView {
            name: Nullable(None),
            locale: Nullable(None),
            role: RoleView::Admin,
            status: StatusView::Locked,
            metadata: MetadataView::default(),
            app_metadata: MetadataView::default(),
            updated_at: datetime!(2026-01-02 03:04:05 UTC),
            ..UserView::example()
        };
        let page = UserPageView { items: vec![UserView::example(), nameless()], next_cursor: Nullable(None) };
        assert_eq!(serde_json::to_string(&page).unwrap(), page.to_json_string());
    }
}
