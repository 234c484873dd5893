use serde_json::{Value, json};

use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::container::Container;
use crate::usecases::QueueStats;

pub(super) async fn run(context: &Context, container: &Container) -> Result<Value, CliError> {
    let stats = container.use_cases.events.stats.run().await.map_err(|failure| context.failure(&failure))?;
    Ok(Value::Array(stats.iter().map(row).collect()))
}

fn row(stats: &QueueStats) -> Value {
    json!({
        "queue": stats.queue,
        "waiting": stats.waiting,
        "failing": stats.failing,
        "dead": stats.dead,
        "lag_seconds": stats.lag_seconds,
    })
}
