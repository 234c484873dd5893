use serde_json::Value;

use super::row::row;
use super::target::{Account, network};
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::cli::operator;
use crate::container::Container;
use crate::domain::{BanId, BanRef};
use crate::usecases::RemoveBanError;

#[derive(Debug, clap::Args)]
#[group(skip)]
// In two forms, since one line would be too long for a terminal.
#[command(override_usage = "svc ban remove [OPTIONS] <ID|ADDRESS|NETWORK>\n       \
    svc ban remove [OPTIONS] <--user <ID>|--email <ADDRESS>>")]
#[command(group(clap::ArgGroup::new("target").required(true)))]
pub(super) struct Args {
    /// ID of the ban, or the banned IP address or network
    #[arg(value_name = "ID|ADDRESS|NETWORK", group = "target")]
    ban: Option<String>,
    #[command(flatten)]
    account: Account,
}

/// Parses the arguments, before anything is opened or created.
pub(super) fn parse(args: &Args) -> Result<BanRef, CliError> {
    let ban = match &args.ban {
        Some(text) => match text.parse() {
            Ok(id) => Some(BanRef::Id(BanId(id))),
            Err(_) => Some(BanRef::Target(network(text)?)),
        },
        None => args.account.target()?.map(BanRef::Target),
    };
    ban.ok_or_else(|| {
        CliError::new(
            Exit::Usage,
            "no ban: pass the ID of a ban, an IP address, a network, --user or --email",
        )
    })
}

pub(super) async fn run(context: &Context, container: &Container, ban: &BanRef) -> Result<Value, CliError> {
    let removed = container.use_cases.bans.remove.run(ban, operator::actor()).await;
    let removed = removed.map_err(|error| match error {
        RemoveBanError::NotFound | RemoveBanError::NoSuchUser => {
            CliError::new(Exit::NoUser, error.to_string())
        }
        RemoveBanError::Failed(failure) => context.failure(&failure),
    })?;
    Ok(row(&removed))
}
