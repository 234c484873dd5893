use poem_openapi::types::ToJSON;
use serde_json::Value;

use crate::api::InvitationView;
use crate::cli::exit::{CliError, Exit};
use crate::cli::target::UserArgument;
use crate::domain::InvitedUser;

/// An invitation as the HTTP API shows it.
pub(in crate::cli) fn row(invited: &InvitedUser) -> Value {
    InvitationView::from(invited).to_json().unwrap_or_default()
}

/// The error where a user is not invited.
pub(super) fn not_invited(user: &UserArgument) -> CliError {
    let why = "there is no such user, or the invitation was accepted or revoked";
    CliError::new(Exit::NoUser, format!("no invitation of {user}: {why}"))
}
