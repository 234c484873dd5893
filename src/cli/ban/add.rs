use std::net::IpAddr;
use std::time::Duration;

use serde_json::{Value, json};

use super::row::row;
use super::target::{Account, network};
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::cli::operator;
use crate::cli::values::duration;
use crate::container::Container;
use crate::domain::{BanReason, BanTargetRef, OneLine, Timestamp};
use crate::usecases::{AddBanError, NewBan, NewBanEnd};

#[derive(Debug, clap::Args)]
#[group(skip)]
#[command(group(clap::ArgGroup::new("target").required(true)))]
pub(super) struct Args {
    /// IP address, or network such as 203.0.113.0/24
    #[arg(value_name = "ADDRESS|NETWORK", group = "target")]
    network: Option<String>,
    #[command(flatten)]
    account: Account,
    /// Reason of the ban in one line, for operators only; clients do not see it
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Duration of the ban, such as 2h or 30days [default: until it is removed]
    #[arg(long = "for", value_name = "DURATION", value_parser = duration, allow_hyphen_values = true)]
    length: Option<Duration>,
    /// End of the ban, such as 2026-01-31T12:00:00Z [default: until it is removed]
    #[arg(long, value_name = "MOMENT", conflicts_with = "length", allow_hyphen_values = true)]
    until: Option<String>,
    /// Allow a network wider than an IPv4 /8 or an IPv6 /16 [default: exit with code 2]
    #[arg(long)]
    yes: bool,
}

/// Parses the arguments, before anything is opened or created.
pub(super) fn parse(args: &Args) -> Result<NewBan, CliError> {
    let target = match &args.network {
        Some(text) => {
            let target = network(text)?;
            say_if_wider(text, &target);
            Some(target)
        }
        None => args.account.target()?,
    };
    let target = target.ok_or_else(|| {
        CliError::new(Exit::Usage, "no target: pass an IP address, a network, --user or --email")
    })?;
    let reason = args.reason.as_deref().map(BanReason::parse).transpose();
    let reason = reason.map_err(|error| CliError::new(Exit::BadData, format!("--reason: {error}")))?;
    Ok(NewBan { target, reason, end: end(args)?, allow_wide: args.yes })
}

pub(super) async fn run(context: &Context, container: &Container, new: &NewBan) -> Result<Value, CliError> {
    container.migrate_if_embedded().await.map_err(|error| context.store_error(&error))?;
    let added =
        container.use_cases.bans.add.run(new, operator::actor()).await.map_err(|error| match error {
            AddBanError::EndInThePast | AddBanError::Loopback(_) | AddBanError::TrustedProxy(..) => {
                CliError::new(Exit::BadData, error.to_string())
            }
            AddBanError::WideNetwork(_) => {
                CliError::new(Exit::Usage, format!("{error}: pass --yes to ban it"))
            }
            AddBanError::NoSuchUser => CliError::new(Exit::NoUser, error.to_string()),
            AddBanError::TooMany => CliError::new(Exit::Failed, error.to_string()),
            AddBanError::Failed(failure) => context.failure(&failure),
        })?;
    let mut value = row(&added.ban);
    value["replaced"] = json!(added.replaced);
    Ok(value)
}

/// Says what is banned where an address is given with a prefix: the whole network of the address.
fn say_if_wider(text: &str, target: &BanTargetRef) {
    let BanTargetRef::Network(network) = target else { return };
    let first = network.range().0;
    let asked = text.split_once('/').and_then(|(address, _)| address.parse::<IpAddr>().ok());
    if asked.is_some_and(|address| address.to_canonical() != first) {
        tracing::warn!("{text} is an address within a network: the ban is of the whole network {network}");
    }
}

fn end(args: &Args) -> Result<NewBanEnd, CliError> {
    match (args.length, &args.until) {
        (Some(length), _) => Ok(NewBanEnd::After(length)),
        (None, Some(text)) => {
            let until = Timestamp::parse(text);
            let refused =
                |error| CliError::new(Exit::Usage, format!("invalid value {text:?} for --until: {error}"));
            Ok(NewBanEnd::At(until.map_err(refused)?))
        }
        (None, None) => Ok(NewBanEnd::Never),
    }
}
