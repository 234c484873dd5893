use clap::Args;

use super::context::Context;
use super::exit::{CliError, Exit};
use crate::adapters::events::cloud_events;
use crate::container::Container;
use crate::domain::{Timestamp, UserId, UserRef};
use crate::ports::events::EventFilter;

/// Which events, or what was noted of them.
#[derive(Debug, Args)]
pub(super) struct Selected {
    /// Since then: how long ago, such as 24h, or a moment, such as 2026-01-31T12:00:00Z
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// Of this type, such as user.locked or svc.user.locked.v1
    #[arg(long = "type", value_name = "TYPE")]
    type_name: Option<String>,
    /// That happened to this user; one that was deleted is known by the id alone
    #[arg(long, value_name = "ID|EMAIL")]
    user: Option<String>,
    /// At most so many, the newest
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
        let wanted = "--since: wants how long ago, such as 24h, or a moment, such as 2026-01-31T12:00:00Z";
        CliError::new(Exit::Usage, wanted)
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
    if cloud_events::types().any(|known| known == full) {
        return Ok(full);
    }
    let short = |full: &'static str| full.strip_prefix("svc.")?.strip_suffix(".v1");
    let known: Vec<&str> = cloud_events::types().filter_map(short).collect();
    let refusal = format!("--type: no event is of the type {text:?}; there are {}", known.join(", "));
    Err(CliError::new(Exit::Usage, refusal))
}

async fn find_user(context: &Context, container: &Container, text: &str) -> Result<UserId, CliError> {
    let user: UserRef = text
        .parse()
        .map_err(|_| CliError::new(Exit::BadData, "--user: this is neither an id nor an address"))?;
    match user {
        UserRef::Id(id) => Ok(id),
        UserRef::Email(email) => {
            let account = container.ports.store.users().find_account_by_email(&email).await;
            let account = account.map_err(|error| context.store_error(&error))?;
            let user = account.ok_or_else(|| CliError::new(Exit::NoUser, "--user: there is no such user"))?;
            Ok(user.user.id)
        }
    }
}
