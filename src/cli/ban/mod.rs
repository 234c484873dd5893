//! `svc ban`: manages bans of networks and users.
//!
//! **Here**: one file per verb, the parsing of targets, and the output of a ban.

mod add;
mod list;
mod remove;
mod target;

use clap::Subcommand;
use serde_json::{Value, json};

use super::context::Context;
use super::exit::CliError;
use crate::domain::{Ban, BanReason, BanTarget};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the active bans, oldest first
    List,
    /// Ban an IP address, a network or a user
    ///
    /// All requests of the target are refused. A second ban of the same target replaces the reason and the
    /// end.
    Add(add::Args),
    /// Remove a ban
    Remove(remove::Args),
}

pub(super) async fn run(context: &Context, args: Args) -> Result<(), CliError> {
    let container = context.container()?;
    let value = match args.action {
        Action::List => list::run(context, &container).await?,
        Action::Add(args) => add::run(context, &container, args).await?,
        Action::Remove(args) => remove::run(context, &container, args).await?,
    };
    context.output.print(&value)
}

pub(super) fn shown(ban: &Ban) -> Value {
    let (network, user) = match ban.target {
        BanTarget::Network(network) => (Some(network.to_string()), None),
        BanTarget::User(user) => (None, Some(user.to_string())),
    };
    json!({
        "id": ban.id.to_string(),
        "network": network,
        "user_id": user,
        "reason": ban.reason.as_ref().map(BanReason::as_str),
        "created_at": ban.created_at.to_string(),
        "ends_at": ban.end.at().map(|at| at.to_string()),
    })
}
