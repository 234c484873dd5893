//! `svc key`: operates on signing keys.
//!
//! **Here**: one file per verb, the key that an operator names, and the output of changes.

mod activate;
mod changed;
mod generate;
mod list;
mod named;
mod remove;
mod retire;
mod rotate;

use clap::Subcommand;

use super::context::Context;
use super::exit::CliError;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

impl Args {
    /// Whether it is the command that lists the keys.
    pub const fn is_list(&self) -> bool {
        matches!(self.action, Action::List(_))
    }
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the signing keys, oldest first
    List(list::Args),
    /// Generate a key and publish it, without signing with it
    Generate(generate::Args),
    /// Sign with a published key, and retire the one before
    Activate(activate::Args),
    /// Stop signing with a key; its tokens stay valid
    Retire(retire::Args),
    /// Remove a key whose tokens have expired
    Remove(remove::Args),
    /// Replace the key that signs: publish another one, and sign with it once all services have it
    Rotate(rotate::Args),
}

pub(super) async fn run(context: &Context, args: Args) -> Result<(), CliError> {
    match args.action {
        Action::List(args) => list::run(context, &args).await,
        Action::Generate(args) => generate::run(context, &args).await,
        Action::Activate(args) => Box::pin(activate::run(context, &args)).await,
        Action::Retire(args) => Box::pin(retire::run(context, &args)).await,
        Action::Remove(args) => Box::pin(remove::run(context, &args)).await,
        Action::Rotate(args) => rotate::run(context, &args).await,
    }
}
