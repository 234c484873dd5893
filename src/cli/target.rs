//! Users and sessions as arguments.

use std::fmt;

use uuid::Uuid;

use super::exit::{CliError, Exit};
use crate::domain::{SessionId, UserRef};

/// A user as the argument of a command.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct UserArgument {
    /// ID or email address of the user
    #[arg(value_name = "ID|EMAIL")]
    user: String,
}

impl UserArgument {
    /// Parses the argument.
    pub fn parse(&self) -> Result<UserRef, CliError> {
        parse_user(&self.user, "the user")
    }

    /// The error where no user has this ID or email address.
    pub fn unknown(&self) -> CliError {
        unknown_user(&self.user)
    }
}

impl fmt::Display for UserArgument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.user)
    }
}

/// Parses the ID or email address of a user. `place` names the argument.
pub(super) fn parse_user(text: &str, place: &str) -> Result<UserRef, CliError> {
    text.parse().map_err(|_| {
        let expected = "expected an ID or an email address";
        CliError::new(Exit::BadData, format!("invalid value {text:?} for {place}: {expected}"))
    })
}

/// The error where no user has this ID or email address.
pub(super) fn unknown_user(text: &str) -> CliError {
    let what = if Uuid::try_parse(text).is_ok() { "ID" } else { "email address" };
    CliError::new(Exit::NoUser, format!("no user has the {what} {text}"))
}

/// Parses an ID. `place` names the argument.
pub(super) fn parse_id(text: &str, place: &str) -> Result<Uuid, CliError> {
    Uuid::try_parse(text).map_err(|_| {
        CliError::new(Exit::BadData, format!("invalid value {text:?} for {place}: expected an ID"))
    })
}

/// Parses the ID of a session.
pub(super) fn parse_session(text: &str) -> Result<SessionId, CliError> {
    Uuid::try_parse(text).map(SessionId).map_err(|_| {
        let expected = "expected the ID of a session, as svc session list prints it";
        CliError::new(Exit::BadData, format!("invalid value {text:?} for the session: {expected}"))
    })
}

/// The error where no session has this ID.
pub(super) fn unknown_session(id: SessionId) -> CliError {
    let why = "it never existed, its user was deleted, or it ended longer than retention.sessions ago";
    CliError::new(Exit::NoUser, format!("no session has the ID {id}: {why}"))
}
