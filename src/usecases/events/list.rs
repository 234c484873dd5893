use std::sync::Arc;

use super::query::{EventQuery, EventQueryError};
use crate::ports::events::{EventLog, LoggedEvent};
use crate::ports::{Clock, Store};

/// Lists stored events.
pub struct ListEvents {
    /// Finds the user of a query.
    pub store: Arc<dyn Store>,
    /// Stores the events.
    pub event_log: Arc<dyn EventLog>,
    /// The current time.
    pub clock: Arc<dyn Clock>,
}

impl ListEvents {
    /// Returns the matching events, newest first.
    pub async fn run(&self, query: &EventQuery) -> Result<Vec<LoggedEvent>, EventQueryError> {
        let filter = query.resolve(&*self.store, &*self.clock).await?;
        Ok(self.event_log.events(&filter).await?)
    }
}
