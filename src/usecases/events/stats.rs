use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::Timestamp;
use crate::ports::Clock;
use crate::ports::events::{BacklogReader, DeadLetters, HandlerBacklog, StatementLimit};
use crate::usecases::failure::Failure;

/// Reads the backlog of every queue of events.
pub struct EventStats {
    pub(in crate::usecases) backlog: Arc<dyn BacklogReader>,
    pub(in crate::usecases) dead_letters: Option<Arc<dyn DeadLetters>>,
    /// The names of all handlers.
    pub(in crate::usecases) handler_names: Arc<[&'static str]>,
    pub(in crate::usecases) clock: Arc<dyn Clock>,
}

/// The backlog of one queue. Members that are unknown are `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueStats {
    /// The name of the queue.
    pub queue: String,
    /// The number of events that wait.
    pub waiting: Option<i64>,
    /// Those of them whose last attempt failed.
    pub failing: Option<i64>,
    /// The number of dead letters.
    pub dead: Option<i64>,
    /// The age of the oldest waiting event, in seconds.
    pub lag_seconds: Option<u64>,
}

impl EventStats {
    /// Returns the outbox first, then each handler, including a removed one with entries left, and last the
    /// queue of the broker, if one is configured. Finished entries are not counted, because that would read
    /// all of them.
    pub async fn run(&self) -> Result<Vec<QueueStats>, Failure> {
        let backlog = self.backlog.backlog(StatementLimit::Job).await?;
        let now = self.clock.now();
        let lag = |oldest: Option<Timestamp>| oldest.map_or(0, |oldest| now.since(oldest).as_secs());
        let known = |queue, waiting, failing, dead, oldest| QueueStats {
            queue,
            waiting: Some(waiting),
            failing: Some(failing),
            dead: Some(dead),
            lag_seconds: Some(lag(oldest)),
        };
        let outbox = known("outbox".to_owned(), backlog.unrelayed, backlog.failing, 0, backlog.oldest);
        let idle = self.handler_names.iter().map(|name| HandlerBacklog::idle(name));
        let handlers = idle.chain(backlog.handlers).map(|handler| (handler.handler.clone(), handler));
        let handlers: BTreeMap<String, HandlerBacklog> = handlers.collect();
        let handlers =
            handlers.into_values().map(|HandlerBacklog { handler, pending, failing, dead, oldest }| {
                known(handler, pending, failing, dead, oldest)
            });
        let mut stats: Vec<QueueStats> = std::iter::once(outbox).chain(handlers).collect();
        if let Some(broker) = &self.dead_letters {
            // Its row shows that it is unreachable. The other rows are useful even then.
            let depth = broker.depth().await;
            let depth = depth
                .inspect_err(|fault| tracing::warn!(%fault, "failed to read the backlog of the broker"))
                .ok();
            stats.push(QueueStats {
                queue: depth.as_ref().map_or_else(|| "broker".to_owned(), |depth| depth.inbox.clone()),
                waiting: depth.as_ref().map(|depth| depth.waiting.into()),
                failing: None,
                dead: depth.as_ref().map(|depth| depth.dead.into()),
                lag_seconds: None,
            });
        }
        Ok(stats)
    }
}
