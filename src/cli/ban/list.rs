use serde_json::Value;

use super::row::row;
use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::container::Container;

pub(super) async fn run(context: &Context, container: &Container) -> Result<Value, CliError> {
    let bans = container.use_cases.bans.list.run().await.map_err(|failure| context.failure(&failure))?;
    Ok(Value::Array(bans.iter().map(row).collect()))
}
