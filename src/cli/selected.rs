use clap::Args;

use super::exit::{CliError, Exit};
use super::target;
use super::values::event_type;
use crate::domain::{Timestamp, UserRef};
use crate::usecases::{EventQuery, Since};

/// The options that select events, or what was recorded about them.
#[derive(Debug, Args)]
pub(super) struct Selected {
    /// Only events since WHEN: an age such as 24h, or a time such as 2026-01-31T12:00:00Z
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    since: Option<String>,
    /// Only events of this type, such as user.locked or svc.user.locked.v1
    #[arg(long = "type", value_name = "TYPE", value_parser = event_type(), hide_possible_values = true)]
    type_name: Option<String>,
    /// Only events of this user; a deleted user has an ID, but no email address
    #[arg(long, value_name = "ID|EMAIL")]
    user: Option<String>,
    /// Print at most N entries, the newest
    #[arg(long, value_name = "N", default_value_t = 50, allow_negative_numbers = true,
        value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
}

impl Selected {
    pub fn query(&self) -> Result<EventQuery, CliError> {
        let user = self.user.as_deref().map(parse_user).transpose()?;
        let since = self.since.as_deref().map(parse_since).transpose()?;
        Ok(EventQuery { type_name: self.type_name.clone(), user, since, limit: self.limit })
    }
}

/// Parses a moment, or a duration before now.
pub(super) fn parse_since(text: &str) -> Result<Since, CliError> {
    if let Ok(moment) = Timestamp::parse(text) {
        return Ok(Since::Time(moment));
    }
    humantime::parse_duration(text).map(Since::Age).map_err(|_| {
        let expected = "expected an age such as 24h, or a time such as 2026-01-31T12:00:00Z";
        CliError::new(Exit::Usage, format!("invalid value {text:?} for --since: {expected}"))
    })
}

/// Parses the value of `--user`.
pub(super) fn parse_user(text: &str) -> Result<UserRef, CliError> {
    target::parse_user(text, "--user")
}
