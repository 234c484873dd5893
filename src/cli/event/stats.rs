use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Context;
use crate::cli::exit::CliError;
use crate::container::Container;
use crate::domain::Timestamp;
use crate::ports::events::{HandlerBacklog, StatementLimit};

/// One row per queue: the outbox first, then each handler, including a removed one with entries left, and
/// last the queue of the broker, if one is configured. Finished entries are not counted, because that would
/// read all of them.
pub(super) async fn run(context: &Context, container: &Container) -> Result<Value, CliError> {
    let backlog = container
        .event_log()
        .backlog(StatementLimit::Job)
        .await
        .map_err(|error| context.store_error(&error))?;
    let now = container.ports.clock.now();
    let lag = |oldest: Option<Timestamp>| oldest.map_or(0, |oldest| now.since(oldest).as_secs());
    let mut rows = vec![json!({
        "queue": "outbox", "waiting": backlog.unrelayed, "failing": backlog.failing, "dead": 0,
        "lag_seconds": lag(backlog.oldest),
    })];
    let idle = container.handler_names().map(|name| (name.to_owned(), HandlerBacklog::idle(name)));
    let busy = backlog.handlers.into_iter().map(|handler| (handler.handler.clone(), handler));
    let handlers: BTreeMap<String, HandlerBacklog> = idle.chain(busy).collect();
    rows.extend(handlers.into_values().map(|handler| {
        json!({
            "queue": handler.handler, "waiting": handler.pending, "failing": handler.failing,
            "dead": handler.dead, "lag_seconds": lag(handler.oldest),
        })
    }));
    if let Some(broker) = container.dead_letters() {
        // Its row shows that it is unreachable. The other rows are useful even then.
        let depth = broker
            .depth()
            .await
            .inspect_err(|fault| tracing::warn!(%fault, "failed to read the backlog of the broker"));
        let depth = depth.ok();
        rows.push(json!({
            "queue": depth.as_ref().map_or("broker", |depth| &depth.inbox),
            "waiting": depth.as_ref().map(|depth| depth.waiting), "failing": null,
            "dead": depth.as_ref().map(|depth| depth.dead), "lag_seconds": null,
        }));
    }
    Ok(Value::Array(rows))
}
