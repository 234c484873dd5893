use serde_json::{Value, json};

use super::Context;
use crate::cli::exit::CliError;
use crate::container::Container;
use crate::domain::Timestamp;

/// One row a queue: the outbox first, then each handler, and at last what the broker holds, if there is one.
pub(super) async fn run(context: &Context, container: &Container) -> Result<Value, CliError> {
    let stats = container.event_log().stats().await.map_err(|error| context.store_error(&error))?;
    let now = container.ports.clock.now();
    let lag = |oldest: Option<Timestamp>| oldest.map_or(0, |oldest| now.since(oldest).as_secs());
    let outbox = &stats.outbox;
    let mut rows = vec![json!({
        "queue": "outbox", "waiting": outbox.unsent, "failing": outbox.failing, "dead": 0, "done": null,
        "lag_seconds": lag(outbox.oldest),
    })];
    rows.extend(stats.handlers.iter().map(|handler| {
        json!({
            "queue": handler.handler, "waiting": handler.pending, "failing": handler.failing,
            "dead": handler.dead, "done": handler.done, "lag_seconds": lag(handler.oldest),
        })
    }));
    if let Some(broker) = container.dead_letters() {
        // Its row tells that it is away; the other rows are worth having all the same.
        let depth =
            broker.depth().await.inspect_err(|fault| tracing::warn!(%fault, "the broker cannot be asked"));
        let depth = depth.ok();
        rows.push(json!({
            "queue": depth.as_ref().map_or("broker", |depth| &depth.inbox),
            "waiting": depth.as_ref().map(|depth| depth.waiting), "failing": null,
            "dead": depth.as_ref().map(|depth| depth.dead), "done": null, "lag_seconds": null,
        }));
    }
    Ok(Value::Array(rows))
}
