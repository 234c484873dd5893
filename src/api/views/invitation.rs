use poem_openapi::Object;
use poem_openapi::types::Example;
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::{Uuid, uuid};

use super::nullable::Nullable;
use super::page::page;
use super::user::RoleView;
use crate::domain::InvitedUser;

/// An invitation that was not accepted yet.
#[derive(Debug, Object)]
#[oai(rename = "Invitation", example)]
pub struct InvitationView {
    /// ID of the invited user
    id: Uuid,
    /// Email address that the mail was sent to
    email: String,
    /// Display name of the user
    name: Nullable<String>,
    /// Role of the user
    role: RoleView,
    /// Time at which the last mail was requested (RFC 3339, UTC)
    sent_at: OffsetDateTime,
    /// Time at which the link of that mail expires, or has expired (RFC 3339, UTC)
    expires_at: OffsetDateTime,
}

impl From<&InvitedUser> for InvitationView {
    fn from(invited: &InvitedUser) -> Self {
        let InvitedUser { user, invitation } = invited;
        Self {
            id: user.id.0,
            email: user.email.to_string(),
            name: Nullable(user.name.as_ref().map(ToString::to_string)),
            role: user.role.into(),
            sent_at: invitation.sent_at.into(),
            expires_at: invitation.expires_at.into(),
        }
    }
}

page! {
    /// A page of invitations.
    #[derive(Debug, Object)]
    #[oai(rename = "InvitationPage", example)]
    pub struct InvitationPageView of InvitedUser {
        /// The invitations on this page, in the order in which their users were created
        InvitationView
    }
}

impl Example for InvitationView {
    fn example() -> Self {
        Self {
            id: uuid!("019b7c2a-5b2c-7d4e-8f60-718293a4b5c6"),
            email: "ada@example.com".to_owned(),
            name: Nullable(Some("Ada Lovelace".to_owned())),
            role: RoleView::User,
            sent_at: datetime!(2026-01-02 03:04:05.678901 UTC),
            expires_at: datetime!(2026-01-05 03:04:05.678901 UTC),
        }
    }
}
