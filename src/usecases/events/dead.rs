use std::sync::Arc;

use super::query::{EventQuery, EventQueryError};
use crate::ports::events::{DeadLetter, DeadLetters, EventLog, InboxEntryRow};
use crate::ports::{Clock, Store};

/// Lists dead letters.
pub struct ListDeadLetters {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) event_log: Arc<dyn EventLog>,
    pub(in crate::usecases) dead_letters: Option<Arc<dyn DeadLetters>>,
    pub(in crate::usecases) clock: Arc<dyn Clock>,
}

/// Dead letters.
#[derive(Clone, Debug)]
pub struct ListedDeadLetters {
    /// Those of handlers, newest first.
    pub of_handlers: Vec<InboxEntryRow>,
    /// Those of the broker, in the order in which they arrived.
    pub of_broker: Vec<DeadLetter>,
}

impl ListDeadLetters {
    /// Returns the matching dead letters.
    pub async fn run(&self, query: &EventQuery) -> Result<ListedDeadLetters, EventQueryError> {
        let filter = query.resolve(&*self.store, &*self.clock).await?;
        let of_handlers = self.event_log.dead(&filter).await?;
        let of_broker = match &self.dead_letters {
            Some(broker) => broker.dead(&filter).await?,
            None => Vec::new(),
        };
        Ok(ListedDeadLetters { of_handlers, of_broker })
    }
}
