use clap::Subcommand;
use serde_json::{Value, json};

use super::context::Context;
use super::exit::CliError;
use crate::container::Container;
use crate::ports::{Migration, StoreError};

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc migrate
  svc migrate status

The output is a list of objects: version, description and state (applied or pending).")]
pub(super) struct Args {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum Action {
    /// Apply the pending migrations and print them; the same as `svc migrate`
    #[command(after_long_help = "\
Examples:
  svc migrate up

The output is a list of objects: version, description and state (applied or pending).")]
    Up,
    /// Print every migration and whether it is applied
    #[command(after_long_help = "\
Examples:
  svc migrate status

The output is a list of objects: version, description and state (applied or pending).")]
    Status,
}

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let migrations = match args.action.unwrap_or(Action::Up) {
        Action::Up => up(&context.container()?).await,
        Action::Status => context.surveyor()?.migrations().status().await,
    };
    let migrations = migrations.map_err(|error| context.store_error(&error))?;
    context.output.print(&Value::Array(migrations.iter().map(row).collect()))
}

/// Applies the migrations, and keeps the partitions up to date, which the role of the service may not be
/// allowed to do. The migrations are applied, whatever happens to the partitions.
async fn up(container: &Container) -> Result<Vec<Migration>, StoreError> {
    let migrations = container.migrations().up().await?;
    container.keep_partitions().await;
    Ok(migrations)
}

fn row(migration: &Migration) -> Value {
    let state = if migration.applied { "applied" } else { "pending" };
    json!({ "version": migration.version, "description": migration.description, "state": state })
}
