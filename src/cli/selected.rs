use clap::Args;

use super::context::Context;
use super::exit::{CliError, Exit};
use crate::container::Container;
use crate::domain::{EventType, Timestamp, UserId, UserRef};
use crate::ports::events::EventFilter;

/// Which events, or what was noted of them.
#[derive(Debug, Args)]
pub(super) struct Selected {
    /// Only events since WHEN: an age such as 24h, or a time such as 2026-01-31T12:00:00Z
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// Only events of this type, such as user.locked or svc.user.locked.v1
    #[arg(long = "type", value_name = "TYPE")]
    type_name: Option<String>,
    /// Only events of this user; a deleted user has an ID, but no email address
    #[arg(long, value_name = "ID|EMAIL")]
    user: Option<String>,
    /// Print at most N entries, the newest
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
}

impl Selected {
    pub async fn filter(&self, context: &Context, container: &Container) -> Result<EventFilter, CliError> {
        let user = match &self.user {
            Some(text) => Some(find_user(context, container, text).await?),
            None => None,
        };
        let since = self.since.as_deref().map(|text| parse_since(container, text)).transpose()?;
        let type_name = self.type_name.as_deref().map(full_type).transpose()?;
        Ok(EventFilter { type_name, user, since, limit: self.limit })
    }
}

/// Parses a moment, or a duration before now.
pub(super) fn parse_since(container: &Container, text: &str) -> Result<Timestamp, CliError> {
    if let Ok(moment) = Timestamp::parse(text) {
        return Ok(moment);
    }
    let ago = humantime::parse_duration(text).map_err(|_| {
        let expected = "expected an age such as 24h, or a time such as 2026-01-31T12:00:00Z";
        CliError::new(Exit::Usage, format!("invalid value {text:?} for --since: {expected}"))
    })?;
    Ok(container.ports.clock.now().minus(ago))
}

/// Expands a short event type to its full name. A full name need not be known: a newer release may have
/// written it.
fn full_type(text: &str) -> Result<String, CliError> {
    if text.starts_with("svc.") {
        return Ok(text.to_owned());
    }
    let full = format!("svc.{text}.v1");
    if EventType::parse(&full).is_some() {
        return Ok(full);
    }
    let short = |full: &'static str| full.strip_prefix("svc.")?.strip_suffix(".v1");
    let known: Vec<&str> = EventType::ALL.iter().map(|known| known.name()).filter_map(short).collect();
    let rejection = format!("invalid value {text:?} for --type: expected one of {}", known.join(", "));
    Err(CliError::new(Exit::Usage, rejection))
}

/// The error where `--user` names no user.
pub(super) fn not_a_user(text: &str) -> String {
    format!("invalid value {text:?} for --user: expected an ID or an email address")
}

async fn find_user(context: &Context, container: &Container, text: &str) -> Result<UserId, CliError> {
    let user: UserRef = text.parse().map_err(|_| CliError::new(Exit::BadData, not_a_user(text)))?;
    match user {
        UserRef::Id(id) => Ok(id),
        UserRef::Email(email) => {
            let account = container.ports.store.users().find_account_by_email(&email).await;
            let account = account.map_err(|error| context.store_error(&error))?;
            let user = account.ok_or_else(|| {
                CliError::new(Exit::NoUser, format!("no user has the email address {text}"))
            })?;
            Ok(user.user.id)
        }
    }
}
